/** The pauses between attempts, ms. */
export interface Backoff {
  /** After the first failure; then twice as long each time. */
  readonly first: number
  /** No pause is longer. */
  readonly longest: number
}

/**
 * How long to wait after the given number of failures in a row (0 after the first one): twice as long each time, with up to
 * half as much again by chance, so that a fleet does not come back to its broker in one moment. Never beyond `longest`.
 *
 * @example backoff(0) // 1000 … 1500 ms; backoff(3) is 8 … 12 s, backoff(Infinity) 40 … 60 s
 */
export function backoff(
  failures: number,
  { first, longest }: Backoff = { first: 1000, longest: 60_000 },
  random: () => number = Math.random,
): number {
  return Math.min(first * 2 ** failures, longest / 1.5) * (1 + random() / 2)
}
