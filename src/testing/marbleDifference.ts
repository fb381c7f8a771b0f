import { isDeepStrictEqual } from 'node:util'
import type { ObservableNotification } from 'rxjs'
import { alignMarks } from './alignMarks.js'
import { type Difference, firstDifference } from './firstDifference.js'
import { letterValues } from './letterValues.js'
import type { MarbleEvent } from './marbleEvent.js'
import { show } from './show.js'

/** What TestScheduler compares: notifications or subscriptions, with their virtual time in ms. */
export type Log =
  | { readonly frame: number; readonly notification: ObservableNotification<unknown> }
  | { readonly subscribedFrame: number; readonly unsubscribedFrame: number }

/**
 * Says how two logs of a TestScheduler differ: where and how they begin to, aligned marble lines, and a list of what the
 * letters stand for; undefined when they do not. `unit` is the ms of one character.
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
  const values = rows.flatMap(({ events }) => events.filter(({ kind }) => kind === 'N'))
  const letters = letterValues(values.map(({ value }) => value))
  const signOf = ({ kind, value }: MarbleEvent) => (kind === 'N' ? letters.letterOf(value) : kind)

  const { frame, before, words } = earliest(
    Array.from({ length: Math.max(lines.expected.length, lines.actual.length) }, (_, line) =>
      firstDifference(lines.expected[line] ?? [], lines.actual[line] ?? [], letters.letterOf, unit),
    ),
  )
  const aligned = alignMarks(
    rows.map((row) => row.events.map((event) => ({ frame: event.frame, sign: signOf(event) }))),
    unit,
  )
  // Behind the bracket of what happens at once.
  const column = aligned.columnOf(frame) + (before > 0 ? before + 1 : 0)
  const failures = rows.flatMap((row) =>
    row.events.filter(({ kind }) => kind === '#').map(({ value }) => `  # ${row.name} = ${show(value)}`),
  )
  return [
    `The marbles differ at frame ${frame / unit}: ${words}`,
    ...rows.map(({ name }, row) => `  ${name.padEnd(8)}  ${aligned.lines[row] ?? ''}`),
    `            ${' '.repeat(column)}^`,
    ...letters.values.map(([letter, value]) => `  ${letter} = ${show(value)}`),
    ...failures,
  ].join('\n')
}

function earliest(differences: readonly (Difference | undefined)[]): Difference {
  return differences
    .filter((difference) => difference !== undefined)
    .reduce((first, difference) => (difference.frame < first.frame ? difference : first))
}

/** Notifications are one line, each subscription is a line of its own. */
function linesOf(logs: readonly Log[]): MarbleEvent[][] {
  const notifications: MarbleEvent[] = []
  const subscriptions: MarbleEvent[][] = []
  for (const log of logs) {
    if ('notification' in log) notifications.push(eventOf(log.frame, log.notification))
    else subscriptions.push(subscriptionOf(log.subscribedFrame, log.unsubscribedFrame))
  }
  return subscriptions.length > 0 ? subscriptions : [notifications]
}

function eventOf(frame: number, notification: ObservableNotification<unknown>): MarbleEvent {
  if (notification.kind === 'N') return { frame, kind: 'N', value: notification.value }
  return notification.kind === 'E' ? { frame, kind: '#', value: notification.error } : { frame, kind: '|' }
}

const subscriptionOf = (subscribed: number, unsubscribed: number): MarbleEvent[] =>
  [
    { frame: subscribed, kind: '^' as const },
    { frame: unsubscribed, kind: '!' as const },
  ].filter(({ frame }) => frame !== Infinity)
