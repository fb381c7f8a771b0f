import { isDeepStrictEqual } from 'node:util'
import type { MarbleEvent } from './marbleEvent.js'
import { valueDifference } from './valueDifference.js'

/** Where two marble lines begin to differ (virtual ms), and how. */
export interface Difference {
  readonly frame: number
  /** How many events of the same frame come before it, in the same line. */
  readonly before: number
  readonly words: string
}

const phrases: Readonly<Record<MarbleEvent['kind'], { missing: string; extra: string; moved: string }>> = {
  N: { missing: 'is missing', extra: 'is one too many', moved: 'right value,' },
  '|': { missing: 'it does not complete', extra: 'it completes too early', moved: 'it completes' },
  '#': { missing: 'it does not fail', extra: 'it fails', moved: 'right error,' },
  '^': { missing: 'a subscription is missing', extra: 'one subscription too many', moved: 'subscribed' },
  '!': { missing: 'it is not unsubscribed', extra: 'it is unsubscribed', moved: 'unsubscribed' },
}

/**
 * Finds the first difference between two marble lines; undefined when they are equal. `letterOf` says what stands for
 * a value in the drawing, `unit` is the ms of one frame.
 *
 * @example firstDifference(expected, actual, String, 1) // { frame: 4, before: 0, words: 'right value, 2 frames late' }
 */
export function firstDifference(
  expected: readonly MarbleEvent[],
  actual: readonly MarbleEvent[],
  letterOf: (value: unknown) => string,
  unit: number,
): Difference | undefined {
  const longest = expected.length > actual.length ? expected : actual
  const at = longest.findIndex((_, index) => !isDeepStrictEqual(expected[index], actual[index]))
  if (at < 0) return undefined
  const [wanted, got] = [expected[at], actual[at]]

  const said = ({ kind, value }: MarbleEvent, phrase: 'missing' | 'extra') =>
    `${kind === 'N' ? `${letterOf(value)} ` : ''}${phrases[kind][phrase]}`
  const words = () => {
    if (!wanted) return got ? said(got, 'extra') : ''
    if (!got || isDeepStrictEqual(got, expected[at + 1])) return said(wanted, 'missing')
    if (isDeepStrictEqual(wanted, actual[at + 1])) return said(got, 'extra')
    if (isSame(wanted, got)) return `${phrases[got.kind].moved} ${distance(got.frame - wanted.frame, unit)}`
    if (wanted.kind === got.kind && (wanted.frame === got.frame || wanted.kind === '#'))
      return valueDifference(wanted, got, letterOf)
    if (actual.slice(at).some((later) => isSame(later, wanted))) return said(got, 'extra')
    if (expected.slice(at).some((later) => isSame(later, got))) return said(wanted, 'missing')
    return got.frame < wanted.frame || got.kind === '#' ? said(got, 'extra') : said(wanted, 'missing')
  }
  const frame = Math.min(wanted?.frame ?? Infinity, got?.frame ?? Infinity)
  const before = longest.slice(0, at).filter((event) => event.frame === frame).length
  return { frame, before, words: words() }
}

const isSame = (one: MarbleEvent, other: MarbleEvent) =>
  one.kind === other.kind && isDeepStrictEqual(one.value, other.value)

function distance(ms: number, unit: number): string {
  const frames = Math.abs(ms) / unit
  return `${frames} ${frames === 1 ? 'frame' : 'frames'} ${ms > 0 ? 'late' : 'early'}`
}
