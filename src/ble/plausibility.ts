import type { Advertisement } from '../radio/advertisement.js'
import type { Device } from './devices.js'
import type { Format } from './formats/format.js'
import type { Measurement } from './measurement.js'

/** A measurement, the packet it was heard in and the device that sent it. */
export interface Observation {
  readonly advertisement: Advertisement
  readonly measurement: Measurement
  readonly device: Device
}

/**
 * Whether a measurement may be reported: not when the one before makes it likely that the packet is wrong in a way that its
 * format is known to go wrong. Nothing else is held back.
 *
 * Never two in a row: if the next one says the same, it was true, and passes one packet late.
 */
export function isPlausible({ measurement, device: { samples } }: Observation, format: Format): boolean {
  const value = format.sample(measurement)
  if (value === undefined) return true
  const place = placeOf(measurement)
  const last = samples[place]
  if (!last) {
    samples[place] = { value, held: false }
    return true
  }
  const other = samples[others[place] ?? '']
  last.held = !last.held && format.isDoubtful(value, last.value, other?.value)
  if (!last.held) last.value = value
  return !last.held
}

/** The place that a measurement with a sample is from. */
function placeOf({ probes, sensor }: Measurement): 'room' | 'remote' | 'probe1' | 'probe2' {
  if (probes) return '1' in probes ? 'probe1' : 'probe2'
  return sensor ?? 'room'
}

const others: Readonly<Record<string, string>> = { probe1: 'probe2', probe2: 'probe1' }

/** More than one, because packets of two adapters overtake each other; few, because counters start over. */
const numbersKept = 8

/** Whether its device has sent this event before: each is on the air many times, under one number. */
export function isRepeated({ advertisement, device }: Observation, { eventNumber }: Format): boolean {
  const number = eventNumber(advertisement)
  if (number === undefined) return false
  if (device.eventNumbers.includes(number)) return true
  device.eventNumbers = [number, ...device.eventNumbers].slice(0, numbersKept)
  return false
}
