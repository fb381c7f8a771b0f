import { createHash } from 'node:crypto'
import manifest from '../../package.json' with { type: 'json' }
import { numberName } from '../ble/quantities.js'
import type { DescribedDevice, Description, Quantity } from '../description.js'
import type { BrokerOptions } from './options.js'

/** One discovery message of Home Assistant's (device-based, since 2024.12): a device with its components by their keys. */
export interface DiscoveryDocument {
  readonly device: Readonly<Record<string, unknown>>
  readonly origin: typeof origin
  readonly availability_mode?: 'all'
  readonly availability?: readonly Availability[]
  readonly components: Readonly<Record<string, Component>>
}

/** One entity, in Home Assistant's words. */
export type Component = Readonly<Record<string, unknown>> & { readonly platform: string }

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
  found: Readonly<Record<string, Component>>,
  publishing: Publishing,
): DiscoveryDocument {
  const { rootTopic } = publishing
  const id = deviceId(rootTopic, device)
  const all = [...abouts]
  const statuses = all.filter(isStatus).map(({ topic = '' }) => onlineAt(`${rootTopic}/${topic}`))
  const components = all.flatMap((about): [string, Component][] => {
    const component = isStatus(about) ? undefined : componentOf(about, publishing)
    const key = keyOf(about)
    return component ? [[key, { ...component, unique_id: `${id}_${key}` }]] : []
  })
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
    components: { ...found, ...Object.fromEntries(components) },
  }
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

/** Availability is no entity. */
export const isStatus = ({ name }: Description): boolean => name === 'status'

const onlineAt = (topic: string): Availability => ({
  topic,
  payload_available: 'ONLINE',
  payload_not_available: 'OFFLINE',
})

/** The key of a component, which is part of its identity in Home Assistant: it is never changed. */
export const keyOf = ({ part, name, quantity }: Description): string =>
  [part, quantity.words && quantity.topic ? quantity.topic : name.replace(/_c(?=_\d+$|$)/, '')]
    .filter((level) => level !== undefined)
    .join('_')
    .replaceAll(/[^\w-]/g, '_')

/** A state has at most 255 characters. */
const cut = '{{ value[:255] }}'

/** What is the one thing that its device is, has the name of the device. */
const only = new Set(['switch', 'button', 'level', 'output'])

/** The entity of a topic, but for its id; none for what another one says, too. */
function componentOf(about: Description, { rootTopic, format }: Publishing): Component | undefined {
  const { topic, name, quantity, commands } = about
  if (quantity.again) return undefined
  const isJson = format === 'json' && !commands && !(quantity.text && about.device.identity === '')
  const { topic: at, template } = isJson ? jsonState(about) : { topic, template: undefined }
  const common = {
    ...nameOf(about),
    ...(quantity.diagnostic && { entity_category: 'diagnostic' }),
    ...(at !== undefined && { state_topic: `${rootTopic}/${at}` }),
  }
  const deviceClass = quantity.deviceClass === undefined ? {} : { device_class: quantity.deviceClass }
  const value = template === undefined ? {} : { value_template: `{{ ${template} }}` }
  if (commands) {
    const commanding = { command_topic: `${rootTopic}/${commands.topic}`, retain: false, qos: 1 }
    const [on, off] = commands.words
    return off === undefined
      ? { platform: 'button', ...common, ...commanding, payload_press: on }
      : { platform: 'switch', ...common, ...commanding, payload_on: on, payload_off: off }
  }
  if (quantity.events)
    return {
      platform: 'event',
      ...common,
      ...(quantity.deviceClass === 'motion' || quantity.deviceClass === 'button' ? deviceClass : {}),
      event_types: quantity.events,
      value_template: isJson ? jsonEvent(about) : plainEvent(quantity.events),
    }
  if (quantity.words) {
    const [on, off] = quantity.words
    return {
      platform: 'binary_sensor',
      ...common,
      ...deviceClass,
      payload_on: on,
      payload_off: off,
      ...value,
    }
  }
  if (quantity.text)
    return {
      platform: 'sensor',
      ...common,
      value_template: template === undefined ? cut : `{{ (${template})[:255] }}`,
    }
  return {
    platform: 'sensor',
    ...common,
    ...deviceClass,
    ...stateClassOf(quantity),
    ...(quantity.unit && { unit_of_measurement: quantity.unit }),
    ...(about.decimals !== undefined && { suggested_display_precision: about.decimals }),
    ...(name === 'rssi' && { enabled_by_default: false }),
    ...value,
  }
}

/** What Home Assistant keeps statistics by: each of its classes has only some, and a few have none. */
function stateClassOf({ total, deviceClass = '' }: Quantity): { readonly state_class?: string } {
  if (['date', 'enum', 'timestamp'].includes(deviceClass)) return {}
  if (deviceClass === 'monetary') return { state_class: 'total' }
  const adds = total ?? ['energy', 'gas', 'reactive_energy', 'volume', 'water'].includes(deviceClass)
  return { state_class: adds ? 'total_increasing' : 'measurement' }
}

/** Only the name of the device, none where the class has one in the language of its user, else one in English. */
function nameOf({ name, part, quantity }: Description): { readonly name?: string | null } {
  if (only.has(name)) return { name: null }
  const base = name.replace(/_(c|hpa|lx)(?=_\d+$|$)/, '')
  const isNamed = quantity.deviceClass !== undefined && (named[base] ?? base) === quantity.deviceClass
  if (isNamed && part === undefined) return {}
  const label = quantity.words && quantity.topic && !isNamed ? quantity.topic : (labels[base] ?? base)
  const where = part?.replace(/(\d+)$/, ' $1') ?? ''
  const text = `${where} ${label.replaceAll('_', ' ')}`.trim()
  return { name: text.charAt(0).toUpperCase() + text.slice(1) }
}

/** Quantities that are named otherwise than their class. */
const named: Readonly<Record<string, string>> = {
  co2: 'carbon_dioxide',
  rssi: 'signal_strength',
  pressure: 'atmospheric_pressure',
  tvoc: 'volatile_organic_compounds',
  window_open: 'window',
  door_open: 'door',
  garage_door_open: 'garage_door',
  unlocked: 'lock',
}

const labels: Readonly<Record<string, string>> = { co2: 'CO2', rssi: 'signal strength', pm25: 'PM2.5' }

/** Of what is said in a text: the one thing that can happen, the number of a button, or the first word. */
function plainEvent(events: readonly string[]): string {
  const [first = ''] = events
  if (events.length === 1) return `{"event_type":"${first}"}`
  const type = first.startsWith('button_') ? "'button_' ~ value" : "value.split(' ')[0]"
  return `{{ {'event_type': ${type}} | tojson }}`
}

/** Where the JSON object of a device has what is said on a topic; an object holds one report, so anything may be missing. */
function jsonState({ device, topic = '', part, quantity }: Description): {
  readonly topic: string
  readonly template: string
} {
  // What has no device for its readings is an object by itself.
  if (device.brand === undefined) return { topic, template: "value_json.value | default('')" }
  const last = topic.slice(topic.lastIndexOf('/') + 1)
  const key = quantity.words ? last : (numberName(last) ?? last)
  const probe = /^probe(\d+)$/.exec(part ?? '')?.[1]
  const object =
    probe !== undefined
      ? `((value_json.probes | default({}))['${probe}'] | default({}))`
      : part !== undefined
        ? `(value_json.${part} | default({}))`
        : 'value_json'
  return { topic: device.topic, template: `${object}['${key}'] | default('')` }
}

/** What happened, of the JSON object of a device; nothing, where something else did. */
function jsonEvent({ device, name, quantity }: Description): string {
  const [first = ''] = quantity.events ?? []
  if (device.brand === undefined) return `{"event_type":"${first}"}`
  const event = 'value_json.event | default((value_json.events | default([])) | first | default({}))'
  const used = /^button(\d+)$/.exec(name)?.[1]
  const [test, type] =
    used !== undefined
      ? [`e.type == 'button' and e.button == ${used}`, 'e.action']
      : [
          `e.type == '${name}'`,
          name === 'button' ? "'button_' ~ e.button" : quantity.events?.length === 1 ? 'e.type' : 'e.action',
        ]
  return `{% set e = ${event} %}{{ {'event_type': ${type}} | tojson if ${test} else '' }}`
}
