import { asyncScheduler, concat, defer, EMPTY, ignoreElements, type Observable, tap } from 'rxjs'
import type { DescribedDevice, Description, Expected } from '../description.js'
import { remember } from '../memory.js'
import type { Logger, Reading } from '../model.js'
import {
  deviceDocument,
  deviceId,
  type DiscoveryDocument,
  documentReading,
  type Publishing,
  rootId,
} from './homeAssistantDocuments.js'
import { type ComponentsByKey, isStatus, keyOf } from './homeAssistantEntities.js'
import type { RetainedDocument } from './retainedDocuments.js'

/** Between removing and announcing an id, ms: else Home Assistant makes new entities. */
export const recovery = 2000

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

/** What the devices of a connection are announced with. */
interface Announcing {
  readonly publishing: Publishing
  readonly prefix: string
  /** How far apart a stranger must be heard twice, ms. */
  readonly confirmation: number
  /** How many devices there may be. */
  readonly limit: number
  readonly log: Pick<Logger, 'warn'>
  /** Called with each document, and with what clears one. */
  readonly publish: (document: Reading) => void
  /** Called when something has changed that is to be announced. */
  readonly due: () => void
}

/** The life of documents: which device has one, since when, what is in it, and when it is over. */
export function announcedDevices({ publishing, prefix, confirmation, limit, log, publish, due }: Announcing) {
  const { rootTopic } = publishing
  const root = rootId(rootTopic)
  const devices = new Map<string, Announced>()
  const strangers = new Map<string, number>()
  /** By ids, the components that were announced before and this run may not have heard of. */
  const found = new Map<string, ComponentsByKey>()
  const changed = new Set<string>()
  const cleared = new Map<string, number>()
  /** Whether a device is still somebody's; absent where nobody knows. */
  let isExpected: ((id: string) => boolean) | undefined
  let isFull = false

  const clear = (id: string) => {
    devices.delete(id)
    changed.delete(id)
    remember(cleared, id, asyncScheduler.now(), limit)
    found.delete(id)
    publish(documentReading(prefix, id, ''))
  }
  const change = (id: string) => {
    changed.add(id)
    due()
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

  /** Announces what has changed, but for what was cleared a moment ago. */
  const announce = () => {
    const now = asyncScheduler.now()
    for (const [id, at] of cleared) if (now - at >= recovery) cleared.delete(id)
    for (const id of [...changed]) {
      if (cleared.has(id)) continue
      changed.delete(id)
      announceOne(id)
    }
  }
  const announceOne = (id: string) => {
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
    publish(documentReading(prefix, id, text))
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
    isExpected = (id) => id === root || whole.has(id) || named.has(id) || (all && /_[0-9a-f]{12}$/.test(id))
    for (const id of [...devices.keys()]) if (!isExpected(id)) clear(id)
    for (const [id, abouts] of whole) {
      const entry = devices.get(id)
      // What it had and has no longer is taken away as what an earlier run left.
      if (entry?.sent !== undefined) found.set(id, (JSON.parse(entry.sent) as DiscoveryDocument).components)
      entry?.abouts.clear()
      abouts.forEach(learn)
      const learned = devices.get(id)
      if (learned) learned.isWhole = true
    }
  }

  /** Of what the broker retains, our own; of what is another daemon's only its ids, should that be what we were before. */
  const readBack = (retained$: Observable<RetainedDocument>): Observable<never> =>
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
      return concat(retained$.pipe(tap(read)), defer(clearOld)).pipe(ignoreElements())
    })

  return {
    learn,
    announce,
    expect,
    readBack,
    /** Something was cleared a moment ago, and may have to be announced again when `recovery` is over. */
    isRecovering: () => cleared.size > 0,
  }
}

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
