import {
  catchError,
  defer,
  EMPTY,
  type MonoTypeOperatorFunction,
  type Observable,
  retry,
  takeUntil,
  tap,
  timer,
} from 'rxjs'
import { quoteText } from '../fields/problems.js'
import type { Logger } from '../model.js'
import { type Link, link } from './link.js'
import { type Backoff, brokerName, hostsOf, type BrokerOptions } from './options.js'
import { explain, LinkError } from './reasons.js'

/**
 * Keeps a link to a broker as well as that can be done: emits each when the broker has been told ONLINE. When `stop$` emits it
 * signs off and completes, after `closeTimeout` at the latest; unsubscribing signs off without waiting. `tell` is told of each change, `failed` why
 * there was no link with any of the hosts.
 */
export function mqttClient(
  options: BrokerOptions,
  log: Logger,
  stop$: Observable<unknown>,
  tell: (state: string, ok: boolean) => void = () => undefined,
  failed: (error: LinkError) => void = () => undefined,
): Observable<Link> {
  const narrated = narrate(log)
  const told = (one: BrokerOptions) =>
    tap<Link>({
      next: () => tell(`connected to broker ${brokerName(one)}`, true),
      error: (error: unknown) => {
        if (error instanceof LinkError) error.explanation = explain(error, one)
        tell(
          `no broker ${brokerName(one)} (${error instanceof LinkError ? error.code : String(error)})`,
          false,
        )
      },
    })
  return failover(hostsOf(options).map((one) => link(one, log, stop$).pipe(narrated(one), told(one)))).pipe(
    tap({
      error: (error: unknown) => {
        if (error instanceof LinkError) failed(error)
      },
    }),
    reconnect(stop$, options.backoff),
  )
}

/**
 * Tries links in turn, without a pause, until one lasts. Fails when that one breaks, or when none is left to try: with the
 * first error that is no refusal if there is one, since a broker that is down may be back sooner than a login is mended.
 *
 * @example failover([link(first), link(second)]).pipe(reconnect(stop$)) // which begins with the first one again
 */
export const failover = <T>(
  [link$ = EMPTY, ...others]: readonly Observable<T>[],
  hopeful?: LinkError,
): Observable<T> =>
  link$.pipe(
    catchError((error: unknown) => {
      if (!(error instanceof LinkError) || (error.lasted ?? 0) >= steady) throw error
      const best = hopeful?.refused === false ? hopeful : error
      if (others.length === 0) throw best
      return failover(others, best)
    }),
  )

/** A link that breaks sooner, ms, has not been a success: same client id twice, a broker that accepts and closes. */
const steady = 10_000

/**
 * Makes a new link whenever one breaks, after ever longer pauses; a link that lasted 10 s starts over with the first.
 * Where the broker refuses our login they are 2, 5, 15, 30, then 60 s: brokers refuse for a moment while they start. When `stop$` emits during a pause it completes.
 *
 * @example link(options, stop$).pipe(reconnect(stop$))
 */
export const reconnect =
  <T>(stop$: Observable<unknown>, pauses?: Backoff, random?: () => number): MonoTypeOperatorFunction<T> =>
  (link$) =>
    defer(() => {
      let failures = 0
      let refusals = 0
      return link$.pipe(
        retry({
          delay: (error: unknown) => {
            if (!(error instanceof LinkError)) throw error
            if ((error.lasted ?? 0) >= steady) failures = 0
            refusals = error.refused ? refusals + 1 : 0
            const pause = error.refused ? afterRefusal(refusals, pauses) : backoff(failures, pauses, random)
            failures += 1
            return timer(pause).pipe(takeUntil(stop$))
          },
        }),
      )
    })

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

/** Ms, after the first refusal in a row and the next ones. */
const refusalPauses = [2000, 5000, 15_000, 30_000]

const afterRefusal = (
  refusals: number,
  { longest }: Pick<Backoff, 'longest'> = { longest: 60_000 },
): number => Math.min(refusalPauses[refusals - 1] ?? longest, longest)

/** How often a link may be closed before it is no accident; one that lasts a minute has no rival for its client id. */
const kicksToNotice = 3

const calm = 60_000

/**
 * Logs when the connection comes, when it goes and why: once per change, however often it is tried again, and
 * for all hosts of a connection together.
 */
export function narrate(log: Logger): (options: BrokerOptions) => MonoTypeOperatorFunction<Link> {
  const logged = new Set<string>()
  let kicks = 0
  let isHarmful = false

  const logEnd = (error: LinkError, options: BrokerOptions) => {
    const takenOver = error.code === 'DISCONNECT_0x8E'
    const kicked = (takenOver || error.code === 'CLOSED') && (error.lasted ?? 0) < calm
    kicks = kicked ? kicks + (takenOver ? kicksToNotice : 1) : 0
    const text =
      kicks < kicksToNotice || takenOver
        ? `${explain(error, options)}; ${error.refused ? 'trying again, after a while once a minute' : 'trying again'}`
        : `broker ${brokerName(options)} closes the connection soon after each login: does another program use the client id ${quoteText(options.client)}? Each needs a Client of its own`
    isHarmful = error.harmful
    // A link may fail for two reasons in turn: each is logged once until there is a link again, and what a broker that
    // breaks the rules does to every link once for all of them.
    if (logged.has(text)) return
    logged.add(text)
    if (error.refused) log.error(text)
    else log.warn(text)
  }
  return (options) =>
    tap({
      next: () => {
        if (kicks >= kicksToNotice) return
        const text = `connected to broker ${brokerName(options)}`
        if (!isHarmful) logged.clear()
        else if (logged.has(text)) return
        else logged.add(text)
        log.info(text)
      },
      error: (error: unknown) => {
        if (error instanceof LinkError) logEnd(error, options)
      },
    })
}
