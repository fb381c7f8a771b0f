/** What happens at a point of a marble line; times are virtual ms. */
export interface MarbleEvent {
  readonly frame: number
  /** A value, completion, an error, a subscription, the end of one. */
  readonly kind: 'N' | '|' | '#' | '^' | '!'
  /** The value, or the error. */
  readonly value?: unknown
}
