import {
  asyncScheduler,
  catchError,
  concat,
  connect,
  defer,
  EMPTY,
  endWith,
  filter,
  ignoreElements,
  map,
  merge,
  mergeMap,
  type Observable,
  repeat,
  Subject,
  switchMap,
  takeUntil,
  tap,
  throwError,
  timer,
} from 'rxjs'
import { quoteText } from '../fields/problems.js'
import { isItem } from '../fields/topicFields.js'
import { remember } from '../memory.js'
import { type Command, type Connection, isWithdrawal, type Logger, payload, type Reading } from '../model.js'
import { newestInTurn } from '../operators/newestInTurn.js'
import { refreshable } from '../operators/refreshable.js'
import { supervise } from '../operators/supervise.js'
import { RefusedError, type Wire } from './wire.js'

/** How a connection to openHAB is to be. */
export interface OpenhabOptions {
  /** What readings for it are addressed to. */
  readonly name: string
  /** An Item: any command on it has the latest states put again. */
  readonly refreshItem: string
  /** Of openHAB: before the third, its topics have another name. */
  readonly version: number
  /** The Items whose commands somebody waits for. */
  readonly commandSources$: Observable<readonly string[]>
}

/** Who else is told of a connection. */
interface Observers {
  readonly tell?: ((state: string, ok: boolean) => void) | undefined
  readonly linked?: ((isUp: boolean) => void) | undefined
}

/**
 * Sets the states of openHAB's Items to what readings say, and makes commands of the commands on Items. The latest of each Item is put
 * when the stream of events opens, and whenever a command comes on the RefreshItem; while there is no stream nothing is put. One request
 * is under way for each Item, and what is newer takes the place of what waits for it. It completes when the readings have completed and
 * what is under way is done, after a second at the latest.
 */
export const openhabConnection =
  (wire: Wire, options: OpenhabOptions, log: Logger, { tell, linked }: Observers = {}): Connection =>
  (readings$) =>
    defer(() => {
      const { name, refreshItem, version, commandSources$ } = options
      let isUp: boolean | undefined
      let sources: readonly string[] = []
      const refresh$ = new Subject<void>()
      const failed$ = new Subject<Reading>()
      const faults = logFaults(log)
      const become = (up: boolean, state: string) => {
        if (isUp !== up) linked?.(up)
        isUp = up
        tell?.(state, up)
        if (up) refresh$.next()
      }
      const commandOf = (event: OpenhabEvent): Command[] => {
        const [, item = ''] = /^(?:openhab|smarthome)\/items\/(\w+)\/command$/.exec(event.topic ?? '') ?? []
        if (item !== '' && item === refreshItem) refresh$.next()
        if (!sources.includes(item) || item === refreshItem) return []
        const value = valueOf(event)
        return value === undefined || /^(NULL|UNDEF|REFRESH)$/.test(value)
          ? []
          : [{ source: item, payload: value, from: name }]
      }
      const topics = `${version >= 3 ? 'openhab' : 'smarthome'}/items/*/command`
      const commands$ = wire.events(topics).pipe(
        untilSilent,
        mergeMap((said) => {
          if (said === 'opened') become(true, 'connected to openHAB')
          return said === 'opened' ? [] : commandOf(eventOf(said.data))
        }),
        catchError((error: unknown) => {
          const fault = `openHAB: ${reasonOf(error)}`
          become(false, fault)
          return throwError(() => new Error(fault))
        }),
        supervise(log),
      )

      const latest = new Map<string, Reading>()
      const put = (reading: Reading) =>
        wire.put(reading.destination, payload(reading)).pipe(
          tap((status) => faults.answered(reading.destination, status)),
          catchError((error: unknown) => {
            faults.unanswered(reasonOf(error))
            failed$.next(reading)
            return EMPTY
          }),
          ignoreElements(),
        )
      // What got no answer is tried again, unless something newer has been said since, or all of it is put meanwhile.
      const again$ = failed$.pipe(
        filter(({ event }) => !event),
        mergeMap((reading) =>
          timer(retryAfter).pipe(
            map(() => reading),
            takeUntil(refresh$),
          ),
        ),
        filter((reading) => isUp === true && latest.get(reading.destination) === reading),
      )
      const states$ = readings$.pipe(
        filter((reading) => (reading.to?.includes(name) ?? true) && faults.isForItem(reading)),
        // openHAB keeps nothing for anybody.
        map((reading) => {
          const { retain, ...state } = reading
          return retain ? state : reading
        }),
        refreshable(refresh$),
        filter((reading) => isUp === true && !isWithdrawal(reading)),
        tap((reading) => {
          latest.set(reading.destination, reading)
        }),
      )
      const published$ = states$.pipe(
        connect((shared$) => {
          const ended$ = shared$.pipe(ignoreElements(), endWith(undefined))
          return merge(shared$, again$.pipe(takeUntil(ended$))).pipe(
            newestInTurn(({ destination }) => destination, put),
            takeUntil(ended$.pipe(switchMap(() => timer(goodbyePatience)))),
          )
        }),
      )
      const ended$ = new Subject<void>()
      const following$ = commandSources$.pipe(
        tap((listed) => (sources = listed)),
        ignoreElements(),
      )
      return merge(
        following$.pipe(takeUntil(ended$)),
        commands$.pipe(takeUntil(ended$)),
        concat(
          published$,
          defer(() => {
            ended$.next()
            return EMPTY
          }),
        ),
      )
    })

/** How long the last states may take at the end, ms. */
const goodbyePatience = 1000

/** When what got no answer is put again, ms. */
const retryAfter = 5000

/** How long a stream may say nothing, ms, once it has said that it is alive, as openHAB does every ten seconds; and before that. */
const silence = { alive: 30_000, unknown: 300_000 }

/** Opens a stream anew that has died without a word; it is lost only where that fails. */
const untilSilent = (events$: ReturnType<Wire['events']>): ReturnType<Wire['events']> =>
  defer(() => {
    let isAlive = false
    let heard = asyncScheduler.now()
    const heard$ = events$.pipe(
      tap((event) => {
        heard = asyncScheduler.now()
        if (event !== 'opened' && /"ALIVE"/.test(event.data)) isAlive = true
      }),
    )
    // It looks now and then, so that an event winds up no timer.
    const silent$ = timer(5000, 5000).pipe(
      filter(() => asyncScheduler.now() - heard >= (isAlive ? silence.alive : silence.unknown)),
    )
    return heard$.pipe(takeUntil(silent$))
  }).pipe(repeat())

/** An event, as far as it is one that matters here. */
interface OpenhabEvent {
  readonly topic?: string
  readonly payload?: unknown
}

/** What is no JSON is no event. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function eventOf(data: string): OpenhabEvent {
  const event = (parsed(data) ?? {}) as Partial<Record<'topic' | 'payload', unknown>>
  return typeof event.topic === 'string' ? { topic: event.topic, payload: event.payload } : {}
}

/** The payload is JSON in a text. */
function valueOf({ payload: text }: OpenhabEvent): string | undefined {
  const said = typeof text === 'string' ? (parsed(text) as { value?: unknown } | null | undefined) : undefined
  return typeof said?.value === 'string' ? said.value : undefined
}

function reasonOf(error: unknown): string {
  if (error instanceof RefusedError) return refusals[error.status] ?? `it answers ${error.message}`
  const { code, message } = error as NodeJS.ErrnoException
  return (code !== undefined && reasons[code]) || message
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody answers at its URL: does it run, and is the port right?',
  ENOTFOUND: 'there is no host of that name',
  ECONNRESET: 'it has ended the connection',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is its own: name it, or its CA, as CAcert',
  SELF_SIGNED_CERT_IN_CHAIN:
    'its certificate is signed by a CA that the system does not know: name that as CAcert',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'its certificate is signed by a CA that the system does not know: name that as CAcert',
  ERR_TLS_CERT_ALTNAME_INVALID:
    'its certificate is for another name: TLSinsecure = YES takes it all the same',
}

/** What answers mean that are none of success. */
const refusals: Readonly<Record<number, string>> = {
  401: 'it wants a token: make one under Settings, API Security, and write it as API-Token',
  403: 'the token may not do that: make one of an administrator',
  404: 'there is no such Item: create it, or mend its name',
  400: 'the state does not fit the type of the Item',
  415: 'it does not take plain text there: is openHAB-Version right?',
}

/** More than a house has Items; the names of devices that pass by have no end. */
const saidLimit = 10_000

/** Logs what openHAB refuses, each once for each Item until it takes something for it again, and that it does not answer. */
function logFaults(log: Logger) {
  const said = new Map<string, number>()
  let silent: string | undefined
  return {
    /** Whether a reading is for an Item; what the program itself says is for none. */
    isForItem: ({ destination, retain }: Reading): boolean => {
      if (isItem(destination) && !(retain && destination === 'bluetooth')) return true
      if (!retain && !said.has(destination)) {
        log.warn(`${quoteText(destination)} is no Item: names of Items are of letters, digits and _`)
        remember(said, destination, 0, saidLimit)
      }
      return false
    },
    answered: (item: string, status: number): void => {
      if (silent !== undefined) log.info('openHAB answers again')
      silent = undefined
      const isTaken = status >= 200 && status < 300
      if (isTaken) said.delete(item)
      else if (said.get(item) !== status) {
        log.warn(
          `openHAB does not take a state of ${item}: ${refusals[status] ?? `it answers HTTP ${status}`}`,
        )
        remember(said, item, status, saidLimit)
      }
    },
    unanswered: (reason: string): void => {
      if (silent !== reason) log.warn(`openHAB does not answer: ${reason}`)
      silent = reason
    },
  }
}
