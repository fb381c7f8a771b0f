import { createHash } from 'node:crypto'
import manifest from '../../package.json' with { type: 'json' }
import { type DescribedDevice, type Description, program } from '../description.js'
import type { Reading } from '../model.js'
import {
  type Component,
  componentOf,
  type ComponentsByKey,
  cut,
  isStatus,
  keyOf,
} from './homeAssistantEntities.js'
import type { BrokerOptions } from './options.js'

/** One discovery message of Home Assistant's (device-based, since 2024.12): a device with its components by their keys. */
export interface DiscoveryDocument {
  readonly device: Readonly<Record<string, unknown>>
  readonly origin: typeof origin
  readonly availability_mode?: 'all'
  readonly availability?: readonly Availability[]
  readonly components: ComponentsByKey
}

interface Availability {
  readonly topic: string
  readonly payload_available: 'ONLINE'
  readonly payload_not_available: 'OFFLINE'
}

/** What documents depend on, of a connection. */
export type Publishing = Pick<BrokerOptions, 'rootTopic' | 'format' | 'health' | 'client'>

const origin = { name: 'sensor-reporter', sw_version: manifest.version } as const

/** Whether a document is one of this program's, whichever daemon it is of. */
export const isOurs = (document: Partial<DiscoveryDocument>): boolean =>
  (document.origin as { readonly name?: unknown } | undefined)?.name === origin.name

/** The topic of the document of a device. */
export const documentTopic = (prefix: string, id: string): string => `${prefix}/device/${id}/config`

/** A reading whose destination is a topic as a whole; nobody else has this object, so nobody else leaves the root topic. */
export const wholeTopic: Description = Object.freeze({
  device: program,
  name: 'document',
  quantity: { text: true },
} as const)

/** A document as a reading, which the broker retains; the empty text clears what it has. */
export function documentReading(prefix: string, id: string, value: string): Reading {
  const destination = documentTopic(prefix, id)
  return {
    destination,
    value,
    retain: true,
    about: wholeTopic,
    delivery: { qos: 1, retain: true, offline: 'latest' },
    ...(value === '' && { forgets: [destination] }),
  }
}

/** What the ids of a daemon begin with: its root topic, so that it stays the same on another machine. */
export const rootId = (rootTopic: string): string => `sr_${idOf(rootTopic)}`

/** The id of a device: what it has when all of its names are changed. */
export const deviceId = (rootTopic: string, { identity }: Pick<DescribedDevice, 'identity'>): string =>
  identity === '' ? rootId(rootTopic) : `${rootId(rootTopic)}_${idOf(identity)}`

/** Home Assistant takes letters, digits, `_` and `-` only; what would become the same is told apart by its hash. */
function idOf(text: string): string {
  const safe = text.replaceAll(/[^\w-]/g, '_')
  return safe === text ? safe : `${safe}_${createHash('sha256').update(text).digest('hex').slice(0, 4)}`
}

/** The document of a device with these topics, some of which are other's components by their keys: what an earlier run found. */
export function deviceDocument(
  device: DescribedDevice,
  abouts: Iterable<Description>,
  found: ComponentsByKey,
  publishing: Publishing,
): DiscoveryDocument {
  const { rootTopic } = publishing
  const id = deviceId(rootTopic, device)
  const all = [...abouts]
  const statuses = all.filter(isStatus).map(({ topic = '' }) => onlineAt(`${rootTopic}/${topic}`))
  const own = Object.fromEntries(
    all.flatMap((about): [string, Component][] => {
      const component = isStatus(about) ? undefined : componentOf(about, publishing)
      const key = keyOf(about)
      return component ? [[key, { ...component, unique_id: `${id}_${key}` }]] : []
    }),
  )
  const { name, address, brand, model, area } = device
  return {
    device: {
      identifiers: [id],
      ...(address !== undefined && { connections: [['bluetooth', address]] }),
      name,
      ...(brand !== undefined && { manufacturer: brand }),
      ...(model !== undefined && { model }),
      ...(area !== undefined && { suggested_area: area }),
      via_device: rootId(rootTopic),
    },
    origin,
    availability_mode: 'all',
    availability: [onlineAt(`${rootTopic}/status`), ...statuses],
    components: { ...moved(found, own, `${rootTopic}/${device.topic}`), ...own },
  }
}

/** Components that were found, below the topic that their device has now, where some of its own show which it had. */
function moved(found: ComponentsByKey, own: ComponentsByKey, device: string): ComponentsByKey {
  const starts = Object.entries(own).flatMap(([key, component]) => {
    const [now, before] = [stateTopic(component), stateTopic(found[key])]
    const end = now.startsWith(device) ? now.slice(device.length) : undefined
    return end !== undefined && before.endsWith(end) ? [before.slice(0, before.length - end.length)] : []
  })
  const [start = device] = starts
  if (start === device) return found
  return Object.fromEntries(
    Object.entries(found).map(([key, component]) => {
      const topic = stateTopic(component)
      return topic === start || topic.startsWith(`${start}/`)
        ? [key, { ...component, state_topic: device + topic.slice(start.length) }]
        : [key, component]
    }),
  )
}

const stateTopic = (component: Component | undefined): string => {
  const topic = component?.['state_topic']
  return typeof topic === 'string' ? topic : ''
}

/** The document of the program itself; without an availability of its own, since that is what it shows. */
export function gatewayDocument(publishing: Publishing): DiscoveryDocument {
  const { rootTopic, health = 0, client } = publishing
  const id = rootId(rootTopic)
  const availability = [onlineAt(`${rootTopic}/status`)]
  const diagnostic = { entity_category: 'diagnostic' }
  const bluetooth = { state_topic: `${rootTopic}/bluetooth`, ...diagnostic, availability }
  const counts = { state_topic: `${rootTopic}/health`, ...diagnostic, availability }
  const components: Record<string, Component> = {
    connection: {
      platform: 'binary_sensor',
      name: 'Connection',
      device_class: 'connectivity',
      ...diagnostic,
      payload_on: 'ONLINE',
      payload_off: 'OFFLINE',
      state_topic: `${rootTopic}/status`,
    },
    bluetooth: {
      platform: 'binary_sensor',
      name: 'Bluetooth',
      device_class: 'problem',
      ...bluetooth,
      value_template: "{{ 'OFF' if value == 'LISTENING' else 'ON' }}",
    },
    bluetooth_state: { platform: 'sensor', name: 'Bluetooth state', ...bluetooth, value_template: cut },
    ...(health > 0 && {
      waiting: {
        platform: 'sensor',
        name: 'Readings waiting',
        state_class: 'measurement',
        enabled_by_default: false,
        ...counts,
        value_template: '{{ value_json.waiting }}',
      },
      dropped: {
        platform: 'sensor',
        name: 'Readings dropped',
        state_class: 'total_increasing',
        ...counts,
        value_template: '{{ value_json.dropped.values() | sum }}',
      },
    }),
    refresh: {
      platform: 'button',
      name: 'Repeat readings',
      entity_category: 'config',
      command_topic: `${rootTopic}/refresh`,
      payload_press: 'NOW',
      availability,
    },
  }
  return {
    device: {
      identifiers: [id],
      name: `sensor-reporter ${rootTopic}`,
      model: 'sensor-reporter',
      // Unique to the broker: so it is known which root topic this daemon had before.
      serial_number: client,
      sw_version: origin.sw_version,
    },
    origin,
    components: Object.fromEntries(
      Object.entries(components).map(([key, component]) => [
        key,
        { ...component, unique_id: `${id}_${key}` },
      ]),
    ),
  }
}

const onlineAt = (topic: string): Availability => ({
  topic,
  payload_available: 'ONLINE',
  payload_not_available: 'OFFLINE',
})
