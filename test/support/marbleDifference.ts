import { inspect, isDeepStrictEqual } from 'node:util'
import type { ObservableNotification } from 'rxjs'
import { alignMarks } from './alignMarks.js'
import { letterValues } from './letterValues.js'

/** What TestScheduler compares: notifications or subscriptions, with their virtual time in ms. */
export type Log =
  | { readonly frame: number; readonly notification: ObservableNotification<unknown> }
  | { readonly subscribedFrame: number; readonly unsubscribedFrame: number }

interface Event {
  readonly frame: number
  readonly kind: string
  readonly value?: unknown
}

/**
 * Says how two logs of a TestScheduler differ, as aligned marble lines and a list of what the letters stand for;
 * undefined when they do not. `unit` is the ms of one character.
 */
export function marbleDifference(
  actual: readonly Log[],
  expected: readonly Log[],
  unit = 1,
): string | undefined {
  if (isDeepStrictEqual(actual, expected)) return undefined
  const lines = { expected: linesOf(expected), actual: linesOf(actual) }
  const rows = [
    ...lines.expected.map((events) => ({ name: 'expected', events })),
    ...lines.actual.map((events) => ({ name: 'actual', events })),
  ]
  const events = rows.flatMap((row) => row.events)
  const letters = letterValues(events.filter(({ kind }) => kind === 'N').map(({ value }) => value))
  const signOf = ({ kind, value }: Event) => (kind === 'N' ? letters.letterOf(value) : kind)
  const frame = firstDifference(lines.actual, lines.expected)
  const aligned = alignMarks(
    rows.map((row) => row.events.map((event) => ({ frame: event.frame, sign: signOf(event) }))),
    unit,
  )
  const failures = rows.flatMap((row) =>
    row.events.filter(({ kind }) => kind === '#').map(({ value }) => `  # ${row.name} = ${show(value)}`),
  )
  return [
    `The marbles differ at frame ${frame / unit}:`,
    ...rows.map(({ name }, row) => `  ${name.padEnd(8)}  ${aligned.lines[row] ?? ''}`),
    `            ${' '.repeat(aligned.columnOf(frame))}^`,
    ...letters.values.map(([letter, value]) => `  ${letter} = ${show(value)}`),
    ...failures,
  ].join('\n')
}

const show = (value: unknown) =>
  value instanceof Error ? String(value) : inspect(value, { breakLength: Infinity })

/** Notifications are one line, each subscription is a line of its own. */
function linesOf(logs: readonly Log[]): Event[][] {
  const notifications: Event[] = []
  const subscriptions: Event[][] = []
  for (const log of logs) {
    if ('notification' in log) notifications.push(eventOf(log.frame, log.notification))
    else subscriptions.push(subscriptionOf(log.subscribedFrame, log.unsubscribedFrame))
  }
  return subscriptions.length > 0 ? subscriptions : [notifications]
}

function eventOf(frame: number, notification: ObservableNotification<unknown>): Event {
  if (notification.kind === 'N') return { frame, kind: 'N', value: notification.value }
  return notification.kind === 'E' ? { frame, kind: '#', value: notification.error } : { frame, kind: '|' }
}

const subscriptionOf = (subscribed: number, unsubscribed: number): Event[] =>
  [
    { frame: subscribed, kind: '^' },
    { frame: unsubscribed, kind: '!' },
  ].filter(({ frame }) => frame !== Infinity)

function firstDifference(actual: Event[][], expected: Event[][]): number {
  const frames: number[] = []
  for (let line = 0; line < Math.max(actual.length, expected.length); line++) {
    const [left = [], right = []] = [actual[line], expected[line]]
    for (let event = 0; event < Math.max(left.length, right.length); event++) {
      const [got, wanted] = [left[event], right[event]]
      if (!isDeepStrictEqual(got, wanted)) frames.push(got?.frame ?? Infinity, wanted?.frame ?? Infinity)
    }
  }
  return Math.min(...frames)
}
