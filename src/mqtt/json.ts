import {
  asapScheduler,
  asyncScheduler,
  concat,
  concatMap,
  defer,
  identity,
  merge,
  type MonoTypeOperatorFunction,
  observeOn,
  Subject,
} from 'rxjs'
import { numberName } from '../ble/quantities.js'
import { isWithdrawal, payload, type Reading, withdrawal } from '../model.js'
import type { BrokerOptions } from './options.js'

interface JsonObject {
  [name: string]: JsonObject | readonly JsonObject[] | string | number
}

/**
 * What the readings of one report say, as one JSON object on the topic of their device. Numbers are numbers, everything else
 * is the word that its topic says; `at` is the time of the newest. A reading without device is a `value` on its own topic.
 *
 * @example
 * jsonReading([{ destination: 'attic/temp_c', device: 'attic', value: 21.7, decimals: 1, at: 1765000000123 }])
 * // attic: {"temperature_c":21.7,"at":"2025-12-06T05:46:40.123Z"}
 */
export function jsonReading(report: readonly [Reading, ...Reading[]]): Reading {
  const [{ device, destination, to, delivery }] = report
  const now = asyncScheduler.now()
  const newest = Math.max(...report.map((reading) => reading.at ?? now))
  // A capture may name any number, and not every number is a time.
  const at = Number.isNaN(new Date(newest).getTime()) ? now : newest
  const said: JsonObject = {}
  const events = eventsOf(report)
  for (const reading of report)
    if (reading.event && device !== undefined)
      said[events.length > 1 ? 'events' : 'event'] = events.length > 1 ? events : (events[0] ?? {})
    else put(said, pathOf(reading), wordOf(reading))
  return {
    destination: device ?? destination,
    value: JSON.stringify({ ...said, at: new Date(at).toISOString() }),
    at,
    ...(report.some(({ event }) => event) && { event: true }),
    ...(to && { to }),
    ...(delivery && { delivery }),
  }
}

/** `probe1/temp_c` is at `probes`, `1`, `temperature_c`. */
function pathOf({ destination, device }: Reading): string[] {
  if (device === undefined) return ['value']
  return destination
    .slice(device.length + 1)
    .split('/')
    .flatMap((part) => {
      const probe = /^probe(\d+)$/.exec(part)?.[1]
      return probe === undefined ? [numberName(part) ?? part] : ['probes', probe]
    })
}

function wordOf(reading: Reading): string | number {
  const text = payload(reading)
  const { value } = reading
  return typeof value === 'number' && Number.isFinite(value) ? Number(text) : text
}

/** What happened, as `decode` prints it. How a button was used is said behind its number, on a topic of its own; where it is not, it was pressed. */
function eventsOf(report: readonly Reading[]): JsonObject[] {
  const events: JsonObject[] = []
  let used: string | undefined
  for (const reading of report) {
    const { destination, device, event } = reading
    if (!event || device === undefined) continue
    const word = wordOf(reading)
    const type = destination.slice(device.length + 1)
    const last = events.at(-1)
    if (type === 'button') {
      events.push({ type, button: word, action: 'press' })
      used = `button${word}`
    } else if (last && type === used) last['action'] = word
    else if (type === 'dimmer' || type === 'command') {
      const [action = '', steps] = String(word).split(' ')
      events.push({ type, action, ...(steps !== undefined && { steps: Number(steps) }) })
    } else events.push({ type })
  }
  return events
}

function put(object: JsonObject, [name = '', ...rest]: readonly string[], word: JsonObject[string]): void {
  if (rest.length === 0) object[name] = word
  else put((object[name] ??= {}) as JsonObject, rest, word)
}

/**
 * Puts the readings of a device that come in one turn together as one JSON object: in their place (`json`) or after them
 * (`both`). A reading without device becomes JSON by itself with `json` only, since both would share a topic. Retained
 * states, and those on topics that take commands, remain as they are. What a report withdraws is not in its object; when it says
 * nothing else, the object is withdrawn.
 *
 * @example readings$.pipe(jsonReports('both')) // attic/temp_c: 21.7, attic: {"temperature_c":21.7,"at":"2025-12-06T05:46:40.123Z"}
 */
export function jsonReports(format: NonNullable<BrokerOptions['format']>): MonoTypeOperatorFunction<Reading> {
  if (format === 'plain') return identity
  return (readings$) =>
    defer(() => {
      let report: Reading[] = []
      const begun$ = new Subject<void>()
      const close = (): Reading[] => {
        const [only] = report
        const [first, ...more] = report.filter((reading) => !isWithdrawal(reading))
        report = []
        if (first) return [jsonReading([first, ...more])]
        return only?.device === undefined ? [] : [withdrawal({ ...only, destination: only.device })]
      }
      const say = (reading: Reading): Reading[] => {
        const plain = format === 'both' ? [reading] : []
        if (belongsTo(report, reading)) {
          report.push(reading)
          return plain
        }
        const ended = close()
        if (isState(reading)) return [...ended, alsoForgetting(reading)]
        if (reading.device === undefined) {
          return [...ended, format === 'both' || isWithdrawal(reading) ? reading : jsonReading([reading])]
        }
        report.push(reading)
        begun$.next()
        return [...ended, ...plain]
      }
      const last$ = defer(() => {
        begun$.complete()
        return close()
      })
      // The readings of a report come in one turn: when it is over, the report is complete.
      const complete$ = begun$.pipe(observeOn(asapScheduler), concatMap(close))
      return merge(complete$, concat(readings$.pipe(concatMap(say)), last$))
    })
}

const isState = ({ retain, echo }: Reading) => retain === true || echo === true

const belongsTo = (report: readonly Reading[], reading: Reading) =>
  reading.device !== undefined &&
  reading.device === report[0]?.device &&
  !isState(reading) &&
  (report.every(({ destination }) => destination !== reading.destination) ||
    // Several events of one report follow each other, perhaps on one topic.
    (reading.event === true && report.at(-1)?.event === true))

/** Who is gone says so with the destinations of its readings; its JSON is gone, too. */
const alsoForgetting = (reading: Reading): Reading =>
  reading.device !== undefined && reading.forgets && !isWithdrawal(reading)
    ? { ...reading, forgets: [...reading.forgets, reading.device] }
    : reading
