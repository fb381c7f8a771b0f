import {
  defer,
  EMPTY,
  filter,
  finalize,
  map,
  mergeAll,
  mergeMap,
  type Observable,
  type Observer,
  type OperatorFunction,
  startWith,
  Subject,
  switchMap,
  take,
  tap,
} from 'rxjs'

interface Run<Part> {
  readonly part: Part
  readonly leave$: Subject<void>
  state: 'new' | 'running' | 'leaving' | 'ended'
}

/**
 * Runs every part of the newest list. A part that is the very same object as before runs on undisturbed; one that is
 * no longer listed is told so by `leave$`, and only when all of these have completed the new ones start. A list
 * that is overtaken meanwhile starts nothing. A part that ends by itself is not started again while it stays listed.
 *
 * ![marble diagram](../../marbles/reconcile.svg)
 *
 * @param settled is told each list once its parts run, and when there will be no more
 * @example lists$.pipe(reconcile((sensor, leave$) => sensor.pipe(takeUntil(leave$))))
 */
export const reconcile =
  <Part, T>(
    run: (part: Part, leave$: Observable<unknown>) => Observable<T>,
    settled?: Partial<Pick<Observer<readonly Part[]>, 'next' | 'complete'>>,
  ): OperatorFunction<readonly Part[], T> =>
  (lists$) =>
    defer(() => {
      let runs: readonly Run<Part>[] = []
      let leaving = 0
      const left$ = new Subject<void>()

      const begin = (each: Run<Part>) =>
        defer(() => {
          // A part that began before this one may have led to a newer list.
          if (!runs.includes(each)) return EMPTY
          each.state = 'running'
          return run(each.part, each.leave$).pipe(
            finalize(() => {
              const waitedFor = each.state === 'leaving'
              each.state = 'ended'
              if (!waitedFor) return
              leaving -= 1
              left$.next()
            }),
          )
        })
      const dismiss = (each: Run<Part>) => {
        if (each.state !== 'running') return
        each.state = 'leaving'
        leaving += 1
        each.leave$.next()
      }

      return lists$.pipe(
        switchMap((parts) => {
          const [listed, dropped] = matched(parts, runs)
          runs = listed
          dropped.forEach(dismiss)
          return left$.pipe(
            startWith(undefined),
            filter(() => leaving === 0),
            take(1),
            map(() => parts),
          )
        }),
        tap({ complete: () => settled?.complete?.() }),
        // In one level, for each that a value passes through takes its time.
        mergeMap((parts) => [
          ...runs.filter(({ state }) => state === 'new').map(begin),
          defer(() => {
            settled?.next?.(parts)
            return EMPTY
          }),
        ]),
        mergeAll(),
      )
    })

/** The runs of the parts, those there are already and new ones; and the runs that no part has claimed. */
function matched<Part>(parts: readonly Part[], runs: readonly Run<Part>[]): [Run<Part>[], Run<Part>[]] {
  const unclaimed = new Map<Part, Run<Part>[]>()
  for (const each of runs) unclaimed.set(each.part, [...(unclaimed.get(each.part) ?? []), each])
  const listed = parts.map(
    (part): Run<Part> => unclaimed.get(part)?.shift() ?? { part, leave$: new Subject(), state: 'new' },
  )
  return [listed, [...unclaimed.values()].flat()]
}
