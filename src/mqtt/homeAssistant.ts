import {
  asapScheduler,
  asyncScheduler,
  defer,
  delayWhen,
  EMPTY,
  filter,
  ignoreElements,
  isObservable,
  merge,
  type MonoTypeOperatorFunction,
  Observable,
  observeOn,
  of,
  Subject,
  switchMap,
  takeUntil,
  tap,
  throttleTime,
  timer,
} from 'rxjs'
import type { DescribedDevice, Description, Expected } from '../description.js'
import type { Connection, Logger, Reading } from '../model.js'
import { announcedDevices, recovery } from './announcedDevices.js'
import {
  documentReading,
  gatewayDocument,
  type Publishing,
  rootId,
  wholeTopic,
} from './homeAssistantDocuments.js'
import { type BrokerOptions, completeHomeAssistant, type HomeAssistantOptions } from './options.js'
import { type DiscoveryLink, retainedDocuments } from './retainedDocuments.js'

/** What discovery is told. */
export interface DiscoveryOptions extends HomeAssistantOptions {
  readonly publishing: Publishing
  /** What the sections of a configuration can say; without it nothing that an earlier run announced is cleared. */
  readonly expected?: Expected | Observable<Expected>
  /** Each link, when it has been told ONLINE. */
  readonly link$: Observable<DiscoveryLink>
  /** Documents that the broker has taken, or has refused. */
  readonly settled$: Observable<{ readonly reading: Reading; readonly isTaken: boolean }>
  /** Called when all states, and then the latest readings, are to be said again. */
  readonly repeat: (what: 'everything' | 'readings') => void
  readonly log: Pick<Logger, 'warn'>
  /** How far apart a stranger must be heard twice, ms: who passes by leaves nothing behind. @default 30_000 */
  readonly confirmation?: number
}

/** How long Home Assistant needs until it has subscribed to everything after its birth, ms. */
const [soonest, latest] = [1000, 3000]

/** Between two births that are answered, ms: openHAB says the same whenever it scans. */
const betweenBirths = 10_000

const deviceLimit = 10_000

/**
 * Announces to Home Assistant what readings are about, with documents that are readings too: the program itself first, what sections
 * describe beforehand, and every other device before its first reading; a stranger once it was heard twice, half a minute apart. What
 * follows waits until the broker has taken the first. Documents of an earlier run are read back, and those of what is no longer there
 * are cleared. When Home Assistant says that it was started, everything is said again.
 *
 * ![marble diagram](../../marbles/homeAssistant.svg)
 */
export const homeAssistant =
  (options: DiscoveryOptions, limit = deviceLimit): MonoTypeOperatorFunction<Reading> =>
  (readings$) =>
    defer(() => {
      const { prefix, birthTopic } = completeHomeAssistant(options)
      const { publishing, link$, settled$, repeat, log, confirmation = 30_000 } = options
      const gateway = documentReading(
        prefix,
        rootId(publishing.rootTopic),
        JSON.stringify(gatewayDocument(publishing)),
      )
      const said$ = new Subject<Reading>()
      const due$ = new Subject<void>()
      const ended$ = new Subject<void>()
      const known = new WeakSet<Description>()
      const held = new Map<DescribedDevice, Reading[]>()
      const devices = announcedDevices({
        publishing,
        prefix,
        confirmation,
        limit,
        log,
        publish: (document) => said$.next(document),
        due: () => due$.next(),
      })
      let isWelcome: boolean | undefined

      /** Whether a reading has to wait for the document of its device, until the end of this turn. */
      const isHeld = (reading: Reading, about: Description): boolean => {
        // What says that something is over, says nothing of a device that was not heard.
        const learned = known.has(about) || reading.forgets ? undefined : devices.learn(about)
        if (learned !== undefined && learned !== 'later') known.add(about)
        const waiting = held.get(about.device)
        if (waiting) waiting.push(reading)
        else if (learned === 'announced' && isWelcome) held.set(about.device, [reading])
        else return false
        return true
      }

      /** Says what has changed, and then what waited for that. */
      const flush = (): void => {
        if (isWelcome) devices.announce()
        for (const readings of held.values()) for (const reading of readings) said$.next(reading)
        held.clear()
      }
      const births = ({ listen }: DiscoveryLink) =>
        listen(birthTopic).pipe(
          filter(({ payload }) => Buffer.from(payload).toString() === 'online'),
          throttleTime(betweenBirths, asyncScheduler, { leading: true, trailing: true }),
          delayWhen(() => timer(soonest + Math.random() * (latest - soonest))),
          tap(() => repeat('everything')),
          ignoreElements(),
        )
      return new Observable<Reading>((subscriber) => {
        subscriber.add(said$.subscribe(subscriber))
        // A turn has all readings of a report: their document comes before them, once.
        const turn$ = due$.pipe(observeOn(asapScheduler))
        const recovered$ = due$.pipe(switchMap(() => (devices.isRecovering() ? timer(recovery) : EMPTY)))
        const error = (failure: unknown) => subscriber.error(failure)
        subscriber.add(merge(turn$, recovered$).subscribe({ next: flush, error }))
        subscriber.add(
          settled$.subscribe({
            next: ({ reading, isTaken }) => {
              if (reading.destination !== gateway.destination || isWelcome === isTaken) return
              isWelcome = isTaken
              if (!isTaken) return
              flush()
              repeat('readings')
            },
            error,
          }),
        )
        said$.next(gateway)
        const { expected: given } = options
        const expect = (expected: Expected) => {
          for (const about of expected.topics) known.add(about)
          devices.expect(expected)
        }
        if (given)
          subscriber.add((isObservable(given) ? given : of(given)).subscribe({ next: expect, error }))
        subscriber.add(
          link$
            .pipe(
              switchMap((link) => merge(devices.readBack(retainedDocuments(link, prefix)), births(link))),
              takeUntil(ended$),
            )
            .subscribe({ error }),
        )
        subscriber.add(
          readings$.subscribe({
            next: (reading) => {
              const { about } = reading
              // Nearly all readings end here.
              if (about === undefined || (held.size === 0 && known.has(about))) subscriber.next(reading)
              else if (!isHeld(reading, about)) subscriber.next(reading)
            },
            error,
            complete: () => {
              flush()
              ended$.next()
              subscriber.complete()
            },
          }),
        )
      })
    })

/**
 * Hands on the documents of a connection that would have them, in place of connecting: the latest of each topic is what it would publish.
 * Nothing goes out; who is in range is announced when it was heard twice.
 */
export const documentsOnly =
  (
    { homeAssistant: asked, ...options }: BrokerOptions,
    log: Pick<Logger, 'warn'>,
    announce: (topic: string, document: string) => void,
  ): Connection =>
  (readings$) =>
    defer(() => {
      if (!asked) return readings$.pipe(ignoreElements())
      const settled$ = new Subject<{ readonly reading: Reading; readonly isTaken: boolean }>()
      return readings$.pipe(
        filter(({ to }) => to === undefined || to.includes(options.name)),
        homeAssistant({
          ...(asked !== true && asked),
          publishing: options,
          ...(options.expected && { expected: options.expected }),
          link$: EMPTY,
          settled$,
          repeat: () => undefined,
          log,
          confirmation: 0,
        }),
        filter(({ about }) => about === wholeTopic),
        tap((reading) => {
          announce(reading.destination, String(reading.value))
          settled$.next({ reading, isTaken: true })
        }),
        ignoreElements(),
      )
    })
