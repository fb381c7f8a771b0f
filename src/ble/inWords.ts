import { escapeControls } from '../fields/problems.js'
import type { BleEvent, Measurement, Probe } from './measurement.js'
import { quantities, type Quantity, quantityOf } from './quantities.js'

/**
 * A measurement as people read it, by what each text is about: a device that sends its values in several packets says
 * each of them again under the same key. Values come with the digits that the device resolves.
 *
 * @example deviceReadings({ model: 'H5075', decimals: 1, temperature_c: 21.7, battery: 100 }) // { climate: '21.7 °C', battery: 'battery 100 %' }
 */
export function deviceReadings(measurement: Measurement): Readonly<Record<string, string>> {
  const { decimals, sensor, probes = {}, event, events = event ? [event] : [] } = measurement
  const { climate, ...others } = textsOf(measurement, decimals)
  const texts: Record<string, string> = {}
  if (climate !== undefined) texts[sensor ?? 'climate'] = sensor ? `${sensor} ${climate}` : climate
  for (const [number, probe] of Object.entries(probes)) {
    const text = Object.values(textsOf(probe, decimals)).join(' ')
    if (text) texts[`probe ${number}`] = `probe ${number}: ${text}`
  }
  if (events.length > 0) texts['event'] = events.map(eventInWords).join(', ')
  for (const [about, text] of Object.entries(others)) texts[sensor ? `${sensor} ${about}` : about] = text
  return texts
}

function eventInWords(event: BleEvent): string {
  switch (event.type) {
    case 'button':
      return `button ${event.button} ${event.action === 'press' ? 'pressed' : event.action.replaceAll('_', ' ')}`
    case 'dimmer':
      return `turned ${event.action === 'rotate_left' ? 'left' : 'right'} by ${event.steps}`
    case 'command':
      return ['command', event.action.replace('_', ' '), event.steps].join(' ').trim()
    default:
      return event.type
  }
}

const order = new Map(Object.keys(quantities).map((key, place) => [key, place]))

const placeOf = (key: string) => order.get(key) ?? order.get(key.replace(/_\d+$/, '')) ?? 0

/**
 * The texts of what is measured, in the order of the table of quantities: those of a group in one, the rest by their topics. What is
 * measured a second time is in no group.
 */
function textsOf(measured: Measurement | Probe, resolved: number | undefined): Record<string, string> {
  const texts: Record<string, string> = {}
  for (const key of Object.keys(measured).sort((a, b) => placeOf(a) - placeOf(b))) {
    const quantity = quantityOf(key)
    const value: unknown = measured[key as keyof typeof measured]
    if (!quantity || value === undefined) continue
    const { group = quantity.topic } = quantity
    const about = order.has(key) ? group : quantity.topic
    const text = textOf(quantity, value, resolved)
    texts[about] = about in texts ? `${texts[about]} ${text}` : text
  }
  return texts
}

function textOf(quantity: Quantity, value: unknown, resolved: number | undefined): string {
  if (quantity.words) return quantity.inWords[value ? 0 : 1]
  const { inWords = '#', unit } = quantity
  if (typeof value === 'string') return inWords.replace('#', () => escapeControls(value))
  const decimals = quantity.decimals === 'resolved' ? resolved : quantity.decimals
  const number = decimals === undefined ? String(value) : (value as number).toFixed(decimals)
  return inWords.replace('#', `${number} ${unit}`.trim())
}
