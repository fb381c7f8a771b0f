/** The parameters of a condition. */
interface Parameters {
  readonly OnEq?: string | undefined
  readonly OnGt?: number | undefined
  readonly OffLt?: number | undefined
  readonly OnLt?: number | undefined
  readonly OffGt?: number | undefined
  readonly For?: number | undefined
}

interface ConditionProblem {
  readonly key: keyof Parameters
  readonly message: string
}

/** What in a condition contradicts itself or has no effect. */
export function conditionProblems({ OnEq, OnGt, OffLt, OnLt, OffGt, For }: Parameters): ConditionProblem[] {
  const problems: ConditionProblem[] = []
  if (OffLt !== undefined && OnGt === undefined)
    problems.push({ key: 'OffLt', message: 'expected OnGt too: when it means ON' })
  if (OffLt !== undefined && OnGt !== undefined && OffLt > OnGt)
    problems.push({ key: 'OffLt', message: 'expected a number that is not above OnGt' })
  if (OffGt !== undefined && OnLt === undefined)
    problems.push({ key: 'OffGt', message: 'expected OnLt too: when it means ON' })
  if (OffGt !== undefined && OnLt !== undefined && OffGt < OnLt)
    problems.push({ key: 'OffGt', message: 'expected a number that is not below OnLt' })
  if (For !== undefined && OnEq === undefined && OnGt === undefined && OnLt === undefined)
    problems.push({ key: 'For', message: 'expected OnEq, OnGt or OnLt too: what has to hold that long' })
  return problems
}
