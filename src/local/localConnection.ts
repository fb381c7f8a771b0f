import {
  connect,
  defer,
  EMPTY,
  filter,
  finalize,
  groupBy,
  identity,
  isObservable,
  map,
  merge,
  mergeMap,
  type Observable,
  of,
  type OperatorFunction,
  tap,
} from 'rxjs'
import * as z from 'zod'
import {
  checked,
  inCode,
  listInCode,
  newestInCode,
  optionsInCode,
  wordsOfCode,
} from '../fields/codeOptions.js'
import { milliseconds, name, number, seconds, text } from '../fields/fields.js'
import { destination } from '../fields/topicFields.js'
import { type Connection, isWithdrawal, type Logger, payload, type Reading } from '../model.js'
import { heldFor } from '../operators/heldFor.js'
import { isToggle } from '../operators/switched.js'
import { connectionPlugin } from '../plugin/plugin.js'

/** What readings become within this machine: as they are without a condition, else ON or OFF. */
export interface LocalOptions extends Condition {
  /** What readings for this connection are addressed to. @default 'local' */
  readonly name?: string
  /** Readings for these destinations are commands; others are nobody's business here. */
  readonly commandSources: readonly string[] | Observable<readonly string[]>
  /** How long (ms) the condition must hold before it means ON; then only changes are commands. */
  readonly hold?: number | undefined
}

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
export function localConnection(options: LocalOptions, log: Logger = console): Connection {
  const { name = 'local', commandSources, ...rule } = checked('localConnection', inCodeOnly, options)
  return (readings$) =>
    among(commandSources, readings$).pipe(
      filter(({ to, echo }) => !echo && (to?.includes(name) ?? true)),
      groupBy(({ destination }) => destination),
      mergeMap((each$) =>
        each$.pipe(
          map(payload),
          connect((texts$) => translated(texts$, rule, log)),
          map((command) => ({ source: each$.key, payload: command, from: name })),
        ),
      ),
    )
}

const inCodeOnly = optionsInCode({
  name: inCode(name).optional(),
  commandSources: newestInCode(listInCode(inCode(destination))),
  onEq: inCode(text).optional(),
  onGt: inCode(number).optional(),
  offLt: inCode(number).optional(),
  onLt: inCode(number).optional(),
  offGt: inCode(number).optional(),
  hold: inCode(milliseconds(0)).optional(),
}).superRefine((given, context) => {
  const { onEq, onGt, offLt, onLt, offGt, hold } = given as Partial<LocalOptions>
  for (const [key, message] of contradictions({
    OnEq: onEq,
    OnGt: onGt,
    OffLt: offLt,
    OnLt: onLt,
    OffGt: offGt,
    For: hold,
  }))
    context.addIssue({ code: 'custom', path: [wordsOfCode(key)], message: wordsOfCode(message) })
})

/** The readings for the newest of these destinations. */
const among = (
  destinations: LocalOptions['commandSources'],
  readings$: Observable<Reading>,
): Observable<Reading> =>
  defer(() => {
    let newest: readonly string[] = []
    const destinations$ = isObservable(destinations) ? destinations : of(destinations)
    const following = destinations$.pipe(tap((listed) => (newest = listed))).subscribe()
    return readings$.pipe(
      filter((reading) => newest.includes(reading.destination) && !isWithdrawal(reading)),
      finalize(() => following.unsubscribe()),
    )
  })

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

/**
 * Decides of every text whether it means ON. One that is no number where a number is expected means nothing; that is
 * logged once, until a number comes.
 */
const switchOn =
  (condition: Condition, log: Logger): OperatorFunction<string, boolean> =>
  (texts$) =>
    defer(() => {
      let on = false
      let said = false
      return texts$.pipe(
        mergeMap((text) => {
          const state = decide(condition, text, on)
          if (state === undefined && !said)
            log.warn('a reading that is no number is ignored: expected one to compare')
          said = state === undefined
          if (state === undefined) return []
          on = state
          return [state]
        }),
      )
    })

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

const parameters = z.object({
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

/** `[ConnectionN] Class = local.local_conn.LocalConnection` */
export const LocalConnection = connectionPlugin({
  summary: 'Makes commands of readings within this machine, without a network.',
  local: true,
  adapts: true,
  options: parameters.superRefine((options, context) => {
    for (const [key, message] of contradictions(options))
      context.addIssue({ code: 'custom', path: [key], message })
  }),
  create: ({ Name, OnEq, OnGt, OffLt, OnLt, OffGt, For }, { log, wiring$ = EMPTY }) =>
    localConnection(
      {
        name: Name,
        commandSources: wiring$.pipe(map((wiring) => wiring.commandSources)),
        onEq: OnEq,
        onGt: OnGt,
        offLt: OffLt,
        onLt: OnLt,
        offGt: OffGt,
        hold: For,
      },
      log,
    ),
})

type Conditions = {
  readonly [Key in 'OnEq' | 'OnGt' | 'OffLt' | 'OnLt' | 'OffGt' | 'For']?: string | number | undefined
}

/** What in a condition contradicts itself or has no effect, by parameter. */
function contradictions({
  OnEq,
  OnGt,
  OffLt,
  OnLt,
  OffGt,
  For,
}: Conditions): [parameter: string, fault: string][] {
  const faults: [string, string][] = []
  if (OffLt !== undefined && OnGt === undefined) faults.push(['OffLt', 'expected OnGt too: when it means ON'])
  if (OffLt !== undefined && OnGt !== undefined && OffLt > OnGt)
    faults.push(['OffLt', 'expected a number that is not above OnGt'])
  if (OffGt !== undefined && OnLt === undefined) faults.push(['OffGt', 'expected OnLt too: when it means ON'])
  if (OffGt !== undefined && OnLt !== undefined && OffGt < OnLt)
    faults.push(['OffGt', 'expected a number that is not below OnLt'])
  if (For !== undefined && OnEq === undefined && OnGt === undefined && OnLt === undefined)
    faults.push(['For', 'expected OnEq, OnGt or OnLt too: what has to hold that long'])
  return faults
}
