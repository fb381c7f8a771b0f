/** When a reading means ON; the first one that is given counts. */
export interface Condition {
  /** When it is this text. */
  readonly onEq?: string | undefined
  /** When it is a number above this one; from then on until it is below `offLt`, where that is given. */
  readonly onGt?: number | undefined
  /** With `onGt`: OFF not before it is below this number. */
  readonly offLt?: number | undefined
  /** When it is a number below this one; from then on until it is above `offGt`, where that is given. */
  readonly onLt?: number | undefined
  /** With `onLt`: OFF not before it is above this number. */
  readonly offGt?: number | undefined
}

/**
 * Whether a reading means ON, after what the last one meant; `undefined` when a number is expected and it is none.
 *
 * @example decide({ onGt: 30, offLt: 28 }, '29', true) // true: it has been above 30 and is not yet below 28
 */
export function decide(
  { onEq, onGt, offLt, onLt, offGt }: Condition,
  text: string,
  before: boolean,
): boolean | undefined {
  if (onEq !== undefined) return text === onEq
  const value = text.trim() === '' ? NaN : Number(text)
  if (Number.isNaN(value)) return undefined
  if (onGt !== undefined) return value > onGt || (before && offLt !== undefined && value >= offLt)
  return (onLt !== undefined && value < onLt) || (before && offGt !== undefined && value <= offGt)
}
