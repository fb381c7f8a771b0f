import {
  asapScheduler,
  asyncScheduler,
  concat,
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
import { remember } from '../memory.js'
import type { Connection, Logger, Reading } from '../model.js'
import {
  deviceDocument,
  deviceId,
  type DiscoveryDocument,
  documentReading,
  documentTopic,
  gatewayDocument,
  type Publishing,
  rootId,
  wholeTopic,
} from './homeAssistantDocuments.js'
import { type ComponentsByKey, isStatus, keyOf } from './homeAssistantEntities.js'
import { type BrokerOptions, completeHomeAssistant, type HomeAssistantOptions } from './options.js'
import { type DiscoveryLink, type RetainedDocument, retainedDocuments } from './retainedDocuments.js'

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

/** Between removing and announcing an id, ms: else Home Assistant makes new entities. */
const recovery = 2000

const deviceLimit = 10_000

/** Each may have as much as a message. */
const foundLimit = 1000

/** A device that is announced, or is to be. */
interface Announced {
  device: DescribedDevice
  /** By component keys, and the topics of statuses. */
  readonly abouts: Map<string, Description>
  /** All that it has is known: what is not among that is over. */
  isWhole: boolean
  /** The document that the broker has. */
  sent?: string
}

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
      const { rootTopic } = publishing
      const root = rootId(rootTopic)
      const said$ = new Subject<Reading>()
      const due$ = new Subject<void>()
      const ended$ = new Subject<void>()
      const devices = new Map<string, Announced>()
      const known = new WeakSet<Description>()
      const strangers = new Map<string, number>()
      /** By ids, the components that were announced before and this run may not have heard of. */
      const found = new Map<string, ComponentsByKey>()
      const held = new Map<DescribedDevice, Reading[]>()
      const changed = new Set<string>()
      const cleared = new Map<string, number>()
      /** Whether a device is still somebody's; absent where nobody knows. */
      let isExpected: ((id: string) => boolean) | undefined
      let isWelcome: boolean | undefined
      let isFull = false

      const clear = (id: string) => {
        devices.delete(id)
        changed.delete(id)
        remember(cleared, id, asyncScheduler.now(), limit)
        found.delete(id)
        said$.next(documentReading(prefix, id, ''))
      }
      const change = (id: string) => {
        changed.add(id)
        due$.next()
      }

      /** Takes note of a topic: whether its device is announced, is not to be, or will be later. */
      const learn = (about: Description): 'announced' | 'never' | 'later' => {
        const { device } = about
        if (device.identity === '' || device.hidden) return 'never'
        const id = deviceId(rootTopic, device)
        const announced = devices.get(id)
        if (!announced && devices.size >= limit) {
          if (!isFull) log.warn(`no more than ${limit} devices are announced to Home Assistant`)
          isFull = true
          return 'never'
        }
        if (!announced && device.stranger && !isConfirmed(id)) return 'later'
        const entry = announced ?? { device, abouts: new Map(), isWhole: false }
        devices.set(id, entry)
        if (entry.device !== device) rename(entry, device)
        entry.abouts.set(isStatus(about) ? `/${about.topic ?? ''}` : keyOf(about), about)
        change(id)
        return 'announced'
      }
      const isConfirmed = (id: string): boolean => {
        const now = asyncScheduler.now()
        const first = strangers.get(id)
        if (first === undefined) remember(strangers, id, now, limit)
        if (first === undefined || now - first < confirmation) return false
        strangers.delete(id)
        return true
      }

      /** Whether a reading has to wait for the document of its device, until the end of this turn. */
      const isHeld = (reading: Reading, about: Description): boolean => {
        // What says that something is over, says nothing of a device that was not heard.
        const learned = known.has(about) || reading.forgets ? undefined : learn(about)
        if (learned !== undefined && learned !== 'later') known.add(about)
        const waiting = held.get(about.device)
        if (waiting) waiting.push(reading)
        else if (learned === 'announced' && isWelcome) held.set(about.device, [reading])
        else return false
        return true
      }

      /** Says what has changed, and then what waited for that. */
      const flush = (): void => {
        if (isWelcome) {
          const now = asyncScheduler.now()
          for (const [id, at] of cleared) if (now - at >= recovery) cleared.delete(id)
          for (const id of [...changed]) {
            // A timer comes back to it.
            if (cleared.has(id)) continue
            changed.delete(id)
            announce(id)
          }
        }
        for (const readings of held.values()) for (const reading of readings) said$.next(reading)
        held.clear()
      }
      const announce = (id: string) => {
        const entry = devices.get(id)
        if (!entry) return
        const before = found.get(id) ?? {}
        const made = deviceDocument(entry.device, entry.abouts.values(), before, publishing)
        if (Object.keys(made.components).length === 0) return
        const keys = new Set([...entry.abouts.values()].map(keyOf))
        const gone = entry.isWhole ? Object.keys(before).filter((key) => !keys.has(key)) : []
        if (entry.isWhole) found.delete(id)
        if (gone.length > 0) {
          const lasting = Object.entries(made.components).filter(([key]) => !gone.includes(key))
          const removed = gone.map((key) => [key, { platform: before[key]?.platform ?? 'sensor' }])
          // Home Assistant removes an entity whose component has nothing but its platform, not one that is left out.
          say(id, entry, {
            ...made,
            components: Object.fromEntries([...lasting, ...removed]) as typeof made.components,
          })
          say(id, entry, { ...made, components: Object.fromEntries(lasting) })
        } else say(id, entry, made)
      }
      const say = (id: string, entry: Announced, made: DiscoveryDocument) => {
        const text = JSON.stringify(made)
        if (text === entry.sent) return
        entry.sent = text
        said$.next(documentReading(prefix, id, text))
      }

      const expect = ({ topics, identities, strangers: all }: Expected) => {
        const whole = new Map<string, Description[]>()
        for (const about of topics) {
          const id = deviceId(rootTopic, about.device)
          const abouts = whole.get(id)
          if (abouts) abouts.push(about)
          else whole.set(id, [about])
        }
        const named = new Set(identities.map((identity) => deviceId(rootTopic, { identity })))
        isExpected = (id) =>
          id === root || whole.has(id) || named.has(id) || (all && /_[0-9a-f]{12}$/.test(id))
        for (const id of [...devices.keys()]) if (!isExpected(id)) clear(id)
        for (const [id, abouts] of whole) {
          const entry = devices.get(id)
          // What it had and has no longer is taken away as what an earlier run left.
          if (entry?.sent !== undefined)
            found.set(id, (JSON.parse(entry.sent) as DiscoveryDocument).components)
          entry?.abouts.clear()
          for (const about of abouts) {
            known.add(about)
            learn(about)
          }
          const learned = devices.get(id)
          if (learned) learned.isWhole = true
        }
      }

      /** Of what the broker retains, our own; of what is another daemon's only its ids, should that be what we were before. */
      const readBack = (link: DiscoveryLink) =>
        defer(() => {
          const former = new Set<string>()
          const gateways = new Map<string, string>()
          const read = ({ id, gateway, client, components }: RetainedDocument) => {
            if (client === publishing.client) former.add(gateway)
            remember(gateways, id, gateway, limit)
            if (gateway !== root) return
            // One that has not been heard yet is to have what it had, when it is.
            remember(found, id, components, foundLimit)
            if (devices.has(id)) change(id)
          }
          const clearOld = (): Observable<never> => {
            for (const [id, gateway] of gateways)
              if (gateway === root ? isExpected?.(id) === false : former.has(gateway)) clear(id)
            return EMPTY
          }
          return concat(retainedDocuments(link, prefix).pipe(tap(read)), defer(clearOld)).pipe(
            ignoreElements(),
          )
        })
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
        const recovered$ = due$.pipe(switchMap(() => (cleared.size > 0 ? timer(recovery) : EMPTY)))
        const error = (failure: unknown) => subscriber.error(failure)
        subscriber.add(merge(turn$, recovered$).subscribe({ next: flush, error }))
        subscriber.add(
          settled$.subscribe({
            next: ({ reading, isTaken }) => {
              if (reading.destination !== documentTopic(prefix, root) || isWelcome === isTaken) return
              isWelcome = isTaken
              if (!isTaken) return
              flush()
              repeat('readings')
            },
            error,
          }),
        )
        said$.next(documentReading(prefix, root, JSON.stringify(gatewayDocument(publishing))))
        const { expected: given } = options
        if (given)
          subscriber.add((isObservable(given) ? given : of(given)).subscribe({ next: expect, error }))
        subscriber.add(
          link$
            .pipe(
              switchMap((link) => merge(readBack(link), births(link))),
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

/** A device has another name: what it said below the old one it will say below the new one. */
function rename(entry: Announced, device: DescribedDevice): void {
  const before = entry.device
  for (const [key, about] of entry.abouts)
    entry.abouts.set(key, {
      ...about,
      device,
      ...(about.topic !== undefined && { topic: device.topic + about.topic.slice(before.topic.length) }),
    })
  entry.device = device
}
