import { numberName } from '../ble/quantities.js'
import type { Description, Quantity } from '../description.js'
import type { BrokerOptions } from './options.js'

/** One entity, in Home Assistant's words. */
export type Component = Readonly<Record<string, unknown>> & { readonly platform: string }

/** Components by their keys. */
export type ComponentsByKey = Readonly<Record<string, Component>>

/** Availability is no entity. */
export const isStatus = ({ name }: Description): boolean => name === 'status'

/** The key of a component, which is part of its identity in Home Assistant: it is never changed. */
export const keyOf = ({ part, name, quantity }: Description): string =>
  [part, quantity.words && quantity.topic ? quantity.topic : name.replace(/_c(?=_\d+$|$)/, '')]
    .filter((level) => level !== undefined)
    .join('_')
    .replaceAll(/[^\w-]/g, '_')

/** A state has at most 255 characters. */
export const cut = '{{ value[:255] }}'

/** What is the one thing that its device is, has the name of the device. */
const only = new Set(['switch', 'light', 'button', 'level', 'output'])

/** The entity of a topic, but for its id; none for what another one says, too. */
export function componentOf(
  about: Description,
  { rootTopic, format }: Pick<BrokerOptions, 'rootTopic' | 'format'>,
): Component | undefined {
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
    if (quantity.light)
      return {
        platform: 'light',
        ...common,
        ...commanding,
        ...lightParts(quantity.light, common, commanding),
      }
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

/** Brightness, and colour where there is one, go over the topics of the light. In place of ON, which would be all of it, the brightness is sent. */
const lightParts = (
  light: NonNullable<Quantity['light']>,
  { state_topic }: { readonly state_topic?: string },
  { command_topic }: { readonly command_topic: string },
) => ({
  payload_on: 'ON',
  payload_off: 'OFF',
  on_command_type: 'brightness',
  state_value_template: "{{ 'OFF' if value.split(',')[-1] == '0' else 'ON' }}",
  brightness_command_topic: command_topic,
  brightness_state_topic: state_topic,
  brightness_scale: 100,
  brightness_value_template: "{{ value.split(',')[-1] }}",
  ...(light === 'color' && {
    hs_command_topic: command_topic,
    hs_state_topic: state_topic,
    hs_value_template: "{{ value.split(',')[:2] | join(',') }}",
  }),
})

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
