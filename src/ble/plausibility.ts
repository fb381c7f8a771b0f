import { asyncScheduler } from 'rxjs'
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
export function isPlausible(
  { measurement, device: { samples } }: Observation,
  { sample, isDoubtful }: Partial<Format> = {},
): boolean {
  const value = sample?.(measurement)
  if (value === undefined || !isDoubtful) return true
  const place = placeOf(measurement)
  const last = samples[place]
  if (!last) {
    samples[place] = { value, held: false }
    return true
  }
  const other = samples[others[place] ?? '']
  last.held = !last.held && isDoubtful(value, last.value, other?.value)
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

/** A number of one byte comes again soon, and of another packet. */
const shortNumber = 4_000

/** How long a device that says less beside what resolves more is not asked for it. */
const coarseLimit = 60_000

/** A device whose counter starts over, as after a change of batteries, is heard again when it has said nothing new for so long. */
const resetLimit = 60_000

/** Where it starts over: anything higher was said long ago, and somebody has recorded it. */
const firstCounters = 0x100

/** A short counter may be anywhere when it has said nothing new for so long. */
const shortResetLimit = 300_000

/**
 * Whether its device has said this before: most packets are on the air many times, under one number. So has somebody else who
 * sends again what was recorded, and a device that says the same once more in a layout that resolves less.
 */
export function isRepeated({ advertisement, measurement, device }: Observation): boolean {
  const { packet, packetSize, counter, counterSize, coarse } = measurement
  if (packet === undefined && counter === undefined && coarse === undefined) return false
  const said = (device.said ??= { packets: [] })
  const now = advertisement.at ?? asyncScheduler.now()
  if (coarse === false) said.fine = now
  if (coarse && said.fine !== undefined && now - said.fine < coarseLimit) return true
  if (counter !== undefined) {
    const last = said.counter
    if (counter === last?.value) return true
    if (last && isBehind(counter, last.value, counterSize)) {
      const mayStartOver =
        counterSize !== undefined || (counter < firstCounters && last.value >= firstCounters)
      const limit = counterSize === undefined ? resetLimit : shortResetLimit
      if (!mayStartOver || now - last.heard < limit) return true
    }
    said.counter = { value: counter, heard: now }
  }
  if (packet === undefined) return false
  const [latest] = said.packets
  if (packetSize !== undefined && latest && now - latest.heard < shortNumber) {
    const behind = (latest.number - packet + packetSize) % packetSize
    if (behind > 0 && behind <= packetSize / 4) return true
  }
  const known = said.packets.find(({ number }) => number === packet)
  const isKnown = known !== undefined && (packet > 0xff || now - known.heard < shortNumber)
  const others = said.packets.filter((each) => each !== known)
  said.packets = [{ number: packet, heard: now }, ...others].slice(0, numbersKept)
  return isKnown
}

/** Of a counter that starts over soon, half of the numbers are ahead and half behind. */
const isBehind = (counter: number, last: number, size?: number): boolean =>
  size === undefined ? counter < last : (counter - last + size) % size >= size / 2
