import { connect, filter, groupBy, identity, map, merge, mergeMap, type Observable } from 'rxjs'
import * as z from 'zod'
import { type Connection, type Logger, payload } from '../model.js'
import { heldFor } from '../operators/heldFor.js'
import { isToggle } from '../operators/switched.js'
import { name, number, seconds, text } from '../plugin/fields.js'
import { connectionPlugin } from '../plugin/plugin.js'
import { type Condition, conditionProblems, switchOn } from './conditions.js'

/** What readings become within this machine: as they are without a condition, else ON or OFF. */
export interface LocalOptions extends Condition {
  /** What readings for this connection are addressed to. */
  readonly name: string
  /** Readings for these destinations are commands; others are nobody's business here. */
  readonly commandSources: readonly string[]
  /** How long (ms) the condition must hold before it means ON; then only changes are commands. */
  readonly hold?: number | undefined
}

/**
 * Makes commands of readings on this machine, without any network: a reading for `lamp` commands the actuator that waits
 * for commands on `lamp`. `TOGGLE` and times (of a press of a button) are always `TOGGLE`.
 *
 * ![marble diagram](../../marbles/hysteresis.svg)
 *
 * @example
 * const attic = (value: number) => ({ destination: 'attic', value })
 * of(attic(31), attic(29), attic(27)).pipe(
 *   localConnection({ name: 'local', commandSources: ['attic'], onGt: 30, offLt: 28 }, console),
 *   map(({ payload }) => payload),
 * )
 * // → 'ON', 'ON', 'OFF'
 */
export const localConnection =
  ({ name, commandSources, ...rule }: LocalOptions, log: Logger): Connection =>
  (readings$) =>
    readings$.pipe(
      filter(({ to, echo }) => !echo && (to?.includes(name) ?? true)),
      filter(({ destination }) => commandSources.includes(destination)),
      groupBy(({ destination }) => destination),
      mergeMap((each$) =>
        each$.pipe(
          map(payload),
          connect((texts$) => translated(texts$, rule, log)),
          map((command) => ({ source: each$.key, payload: command, from: name })),
        ),
      ),
    )

function translated(
  texts$: Observable<string>,
  { hold, ...condition }: Omit<LocalOptions, 'name' | 'commandSources'>,
  log: Logger,
): Observable<string> {
  const others$ = texts$.pipe(filter((value) => !isToggle(value)))
  const unconditional = [condition.onEq, condition.onGt, condition.onLt].every((limit) => limit === undefined)
  return merge(
    texts$.pipe(
      filter(isToggle),
      map(() => 'TOGGLE'),
    ),
    unconditional
      ? others$
      : others$.pipe(
          switchOn(condition, log),
          hold === undefined ? identity : heldFor(hold),
          map((on) => (on ? 'ON' : 'OFF')),
        ),
  )
}

/** `[ConnectionN] Class = local.local_conn.LocalConnection` */
export const LocalConnection = connectionPlugin({
  summary: 'Makes commands of readings within this machine, without a network.',
  local: true,
  options: z
    .object({
      // What is wrong with a Name is said for all kinds of connections in one place; here it is only passed on.
      Name: name.catch('').describe('what Connection lists call it, unique in the file'),
      OnEq: text.optional().describe('a reading that is this text means ON, any other OFF'),
      OnGt: number.optional().describe('a reading above this number means ON, any other OFF'),
      OffLt: number.optional().describe('with OnGt: OFF not before a reading is below this number'),
      OnLt: number.optional().describe('a reading below this number means ON, any other OFF'),
      OffGt: number.optional().describe('with OnLt: OFF not before a reading is above this number'),
      For: seconds(0)
        .optional()
        .describe('seconds for which readings must mean ON until ON is said; then only changes are said'),
    })
    .superRefine((options, context) => {
      for (const { key, message } of conditionProblems(options))
        context.addIssue({ code: 'custom', path: [key], message })
    }),
  create: (options, { log, commandSources = [] }) =>
    localConnection(
      {
        name: options.Name,
        commandSources,
        onEq: options.OnEq,
        onGt: options.OnGt,
        offLt: options.OffLt,
        onLt: options.OnLt,
        offGt: options.OffGt,
        hold: options.For,
      },
      log,
    ),
})
