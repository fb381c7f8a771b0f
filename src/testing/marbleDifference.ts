import { inspect, isDeepStrictEqual } from 'node:util'
import type { ObservableNotification } from 'rxjs'
import { durationText } from './parseDiagram.js'

/** What TestScheduler compares, with its virtual time in ms. */
export type Log = NotificationLog | SubscriptionLog

interface NotificationLog {
  readonly frame: number
  readonly notification: ObservableNotification<unknown>
}

interface SubscriptionLog {
  readonly subscribedFrame: number
  readonly unsubscribedFrame: number
}

/** How the author of a test has drawn what is expected. */
export interface Drawing {
  /** Duration of one character, ms. */
  readonly frame: number
  /** The letters of the values that are expected, in order. */
  readonly letters?: readonly string[]
  /** What other letters stand for. */
  readonly names?: readonly (readonly [letter: string, value: unknown])[]
  /** What it is called, and where it stands: `rain.txt:9`. */
  readonly title?: string
  readonly place?: string
  /** Where it shows an error, each will do. */
  readonly anyError?: boolean
}

/**
 * Says how two logs of a TestScheduler differ: where and how they begin to, aligned marble lines, and a list of what the
 * letters stand for, which are the author's; undefined when they do not.
 */
export function marbleDifference(
  actual: readonly Log[],
  expected: readonly Log[],
  drawing: Drawing,
): string | undefined {
  const { frame: unit, title, place, anyError = false } = drawing
  const got = linesOf(actual)
  const error = got.flat().find(({ kind }) => kind === '#')?.value
  const wanted = linesOf(expected).map((events) =>
    events.map((event) => (anyError && event.kind === '#' ? { ...event, value: error } : event)),
  )
  if (isDeepStrictEqual(got, wanted)) return undefined
  const rows = [
    ...wanted.map((events) => ({ name: 'expected', events })),
    ...got.map((events) => ({ name: 'actual', events })),
  ]
  const letters = lettersOf(wanted.flat().filter(isValue), got.flat().filter(isValue), drawing)
  const letterOf = (event: MarbleEvent) => letters.get(event) ?? '?'
  const signOf = (event: MarbleEvent) => (isValue(event) ? letterOf(event) : event.kind)

  const { frame, before, words } = earliestDifference(wanted, got, letterOf, unit)
  const aligned = align(rows, signOf, unit)
  // Behind the bracket of what happens at once.
  const column = aligned.columnOf(frame) + (before > 0 ? before + 1 : 0)
  const meanings = new Map([...letters].map(([{ value }, letter]) => [letter, value]))
  const failures = rows.flatMap((row) =>
    anyError && row.name === 'expected'
      ? []
      : row.events.filter(({ kind }) => kind === '#').map(({ value }) => `  # ${row.name} = ${show(value)}`),
  )
  const whose = title ? ` of "${title}"` : ''
  return [
    `${place === undefined ? '' : `${place}: `}The marbles${whose} differ at ${moment(frame, unit)}: ${words}`,
    ...rows.map(({ name }, row) => `  ${name.padEnd(8)}  ${aligned.lines[row] ?? ''}`),
    `            ${' '.repeat(column)}^`,
    ...[...meanings]
      .filter(([letter, value]) => letter !== value)
      .map(([letter, value]) => `  ${letter} = ${show(value)}`),
    ...failures,
  ].join('\n')
}

/** What happens at a point of a marble line; times are virtual ms. */
interface MarbleEvent {
  readonly frame: number
  /** A value, completion, an error, a subscription, the end of one. */
  readonly kind: 'N' | '|' | '#' | '^' | '!'
  /** The value, or the error. */
  readonly value?: unknown
}

const isValue = ({ kind }: MarbleEvent) => kind === 'N'

/** Notifications are one line, each subscription is a line of its own. */
function linesOf(logs: readonly Log[]): MarbleEvent[][] {
  const subscriptions = logs.flatMap((log) => ('notification' in log ? [] : [subscriptionOf(log)]))
  const notifications = logs.flatMap((log) => ('notification' in log ? [eventOf(log)] : []))
  return subscriptions.length > 0 ? subscriptions : [notifications]
}

function eventOf({ frame, notification }: NotificationLog): MarbleEvent {
  if (notification.kind === 'N') return { frame, kind: 'N', value: notification.value }
  return notification.kind === 'E' ? { frame, kind: '#', value: notification.error } : { frame, kind: '|' }
}

const subscriptionOf = ({ subscribedFrame, unsubscribedFrame }: SubscriptionLog): MarbleEvent[] =>
  [
    { frame: subscribedFrame, kind: '^' as const },
    { frame: unsubscribedFrame, kind: '!' as const },
  ].filter(({ frame }) => frame !== Infinity)

/**
 * Draws marble lines below each other so that the same time is the same column. `unit` is the ms of one character;
 * a long silence is written as a time (` 59s `) instead of dashes.
 */
function align(
  rows: readonly { readonly events: readonly MarbleEvent[] }[],
  signOf: (event: MarbleEvent) => string,
  unit: number,
) {
  const frames = new Set(rows.flatMap(({ events }) => events.map(({ frame }) => frame)))
  const columns = new Map<number, number>()
  let lines = rows.map(() => '')
  let width = 0
  let drawn = 0
  for (const frame of [...frames].sort((a, b) => a - b)) {
    const gap = gapText(Math.round(frame / unit) - drawn, unit)
    const cells = rows.map(({ events }) =>
      grouped(events.filter((event) => event.frame === frame).map(signOf)),
    )
    const cellWidth = Math.max(...cells.map((cell) => cell.length))
    columns.set(frame, width + gap.length)
    lines = lines.map((line, row) => line + gap + (cells[row] ?? '').padEnd(cellWidth, '-'))
    width += gap.length + cellWidth
    drawn = Math.round(frame / unit) + cellWidth
  }
  return {
    lines: lines.map((line) => line.replace(/(-| \d+m?s )+$/, '') || '-'),
    columnOf: (frame: number) => columns.get(frame) ?? 0,
  }
}

/** Characters. */
const longestGap = 60

function gapText(characters: number, unit: number): string {
  if (characters <= longestGap) return '-'.repeat(Math.max(0, characters))
  const ms = characters * unit
  return ms % 1000 === 0 ? ` ${ms / 1000}s ` : ` ${ms}ms `
}

const grouped = (signs: readonly string[]) => (signs.length > 1 ? `(${signs.join('')})` : signs.join(''))

/** Of what differs in any of the lines, the earliest; they are paired in order. */
function earliestDifference(
  expected: readonly MarbleEvent[][],
  actual: readonly MarbleEvent[][],
  letterOf: (event: MarbleEvent) => string,
  unit: number,
): Difference {
  const longest = expected.length > actual.length ? expected : actual
  return longest
    .map((_, line) => firstDifference(expected[line] ?? [], actual[line] ?? [], letterOf, unit))
    .filter((difference) => difference !== undefined)
    .reduce((first, difference) => (difference.frame < first.frame ? difference : first))
}

/** Where two marble lines begin to differ (virtual ms), and how. */
interface Difference {
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
function firstDifference(
  expected: readonly MarbleEvent[],
  actual: readonly MarbleEvent[],
  letterOf: (event: MarbleEvent) => string,
  unit: number,
): Difference | undefined {
  const longest = expected.length > actual.length ? expected : actual
  const at = longest.findIndex((_, index) => !isDeepStrictEqual(expected[index], actual[index]))
  if (at < 0) return undefined
  const [wanted, got] = [expected[at], actual[at]]

  const said = (event: MarbleEvent, phrase: 'missing' | 'extra') =>
    `${isValue(event) ? `${letterOf(event)} ` : ''}${phrases[event.kind][phrase]}`
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

/** `frame 7`, and `frame 7 + 1 ms` of what happens between two. */
function moment(ms: number, unit: number): string {
  const between = ms % unit
  return `frame ${(ms - between) / unit}${between > 0 ? ` + ${durationText(between)}` : ''}`
}

/** In frames where they are whole, else in a unit of time. */
function distance(ms: number, unit: number): string {
  const [length, frames] = [Math.abs(ms), Math.abs(ms) / unit]
  const text = Number.isInteger(frames)
    ? `${frames} ${frames === 1 ? 'frame' : 'frames'}`
    : durationText(length)
  return `${text} ${ms > 0 ? 'late' : 'early'}`
}

/**
 * Says in words that a value or an error is not the one expected; of objects, which of their fields.
 *
 * @example 'another value: expected a, got b (value is 22 instead of 21)'
 */
function valueDifference(
  wanted: MarbleEvent,
  got: MarbleEvent,
  letterOf: (event: MarbleEvent) => string,
): string {
  if (!isValue(wanted)) return `another error: expected ${show(wanted.value)}, got ${show(got.value)}`
  const text = (event: MarbleEvent) => {
    const letter = letterOf(event)
    return Object(event.value) === event.value || event.value === letter
      ? letter
      : `${letter} (${show(event.value)})`
  }
  const fields =
    isRecord(wanted.value) && isRecord(got.value) ? ` (${fieldDifferences(wanted.value, got.value)})` : ''
  return `another value: expected ${text(wanted)}, got ${text(got)}${fields}`
}

type Fields = Readonly<Record<string, unknown>>

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype

function fieldDifferences(wanted: Fields, got: Fields): string {
  const keys = [...new Set([...Object.keys(wanted), ...Object.keys(got)])]
  return keys
    .filter((key) => !(key in wanted && key in got && isDeepStrictEqual(wanted[key], got[key])))
    .map((key) => `${key} is ${field(got, key)} instead of ${field(wanted, key)}`)
    .join(', ')
}

const field = (fields: Fields, key: string) => (key in fields ? show(fields[key]) : 'absent')

/** A value on one line, as a message shows it. */
const show = (value: unknown): string =>
  value instanceof Error ? String(value) : inspect(value, { breakLength: Infinity })

const alphabet = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'

/**
 * Gives the values of two lines the letters of whoever drew what is expected, and new ones to values that have no name there.
 * A value that is a letter stands for itself.
 */
function lettersOf(
  wanted: readonly MarbleEvent[],
  got: readonly MarbleEvent[],
  { letters = [], names = [] }: Drawing,
): ReadonlyMap<MarbleEvent, string> {
  const known = [...letters.map((letter, index) => [letter, wanted[index]?.value] as const), ...names]
  const taken = new Set(known.map(([letter]) => letter))
  const values = [...wanted, ...got].map(({ value }) => value)
  const free = alphabet.split('').filter((letter) => !taken.has(letter) && !values.includes(letter))
  const nameOf = (value: unknown): string => {
    const name = known.find(([, other]) => isDeepStrictEqual(other, value))?.[0]
    if (name !== undefined) return name
    const isFree = typeof value === 'string' && value.length === 1 && !taken.has(value)
    const letter = isFree ? value : (free.shift() ?? '?')
    known.push([letter, value])
    return letter
  }
  const drawn = wanted.map((event, index) => [event, letters[index] ?? nameOf(event.value)] as const)
  // Of two letters for one value, the one that is drawn there.
  const twinOf = (event: MarbleEvent) => drawn.find(([other]) => isDeepStrictEqual(other, event))?.[1]
  return new Map([...drawn, ...got.map((event) => [event, twinOf(event) ?? nameOf(event.value)] as const)])
}
