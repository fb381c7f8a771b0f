import type { Measurement, Probe } from '../../measurement.js'
import { int16, int16le, type Payload, uint16, uint8 } from '../payload.js'
import { charge } from './packed.js'

/** Reads the older H5055: two of six probes with their low and high alarms, whole °C, little-endian, FFFF for none. */
export function h5055(model: string, payload: Payload): Measurement | undefined {
  if (uint8(payload, 1) !== 0) return undefined
  const degrees = (at: number) => {
    const value = int16le(payload, at)
    return value === -1 ? undefined : value
  }
  const probeAt = (at: number) => ({
    temperature_c: degrees(at),
    alarm_low_c: degrees(at + 2),
    alarm_high_c: degrees(at + 4),
  })
  const probes = pluggedPair(uint8(payload, 3), probeAt(5), probeAt(12))
  return probes && { model, decimals: 0, battery: charge(uint8(payload, 2)), ...probes }
}

/**
 * Two of six probes by number. Bits 7-6 of `state` are the pair, bits 5-0 say which of the probes 6..1 are plugged in:
 * what stands in the place of one that is not may be an old value. Undefined when there is no such pair.
 */
function pluggedPair(
  state: number,
  first: Probe,
  second: Probe,
): Omit<Measurement, 'model' | 'decimals'> | undefined {
  const before = (state >> 6) * 2
  if (before > 4) return undefined
  const plugged = state >> before
  return {
    ...(!(plugged & 1) && { [`probe${before + 1}`]: undefined }),
    ...(!(plugged & 2) && { [`probe${before + 2}`]: undefined }),
    probes: {
      ...(plugged & 1 && { [before + 1]: first }),
      ...(plugged & 2 && { [before + 2]: second }),
    },
  }
}

/**
 * Reads the newer H5055: two probes as the H5185 sends them. Only one packet of it has been published; that byte 6
 * counts pairs as in the older H5055 is inferred from it.
 */
export function h5055BigEndian(model: string, payload: Payload): Measurement | undefined {
  if (uint8(payload, 1) === 0 || uint8(payload, 2) !== 0 || uint16(payload, 3) !== 0x0101) return undefined
  const probes = pluggedPair(uint8(payload, 6), probeAt(payload, 8), probeAt(payload, 14))
  return probes && { model, decimals: 2, battery: charge(uint8(payload, 5)), ...probes }
}

/** Reads temperature, high and low alarm of a probe that begins at byte `at`. */
const probeAt = (payload: Payload, at: number): Probe => ({
  temperature_c: hundredths(payload, at),
  alarm_high_c: hundredths(payload, at + 2),
  alarm_low_c: hundredths(payload, at + 4),
})

/** Reads the probe of the H5191, its high alarm, and the temperature around it. */
export function h5191(model: string, payload: Payload): Measurement {
  return {
    model,
    decimals: 2,
    temperature_c: hundredths(payload, 14),
    battery: charge(uint8(payload, 5)),
    probes: { 1: { temperature_c: hundredths(payload, 8), alarm_high_c: hundredths(payload, 10) } },
  }
}

/** Reads one probe and its high alarm. Bit 7 of the battery byte is set in normal operation here and says nothing. */
export function probe14(model: string, payload: Payload): Measurement {
  const plugged = uint8(payload, 7) & 0x80
  const probe = {
    temperature_c: plugged ? hundredths(payload, 8) : undefined,
    alarm_high_c: hundredths(payload, 10),
  }
  return { model, decimals: 2, battery: charge(uint8(payload, 5)), probes: { 1: probe } }
}

/**
 * Reads two probes and their high alarms: those of the H5182, or one of the two pairs that the H5184 sends in turn. Some H5184 mark
 * a plugged probe with bit 6 in place of bit 7.
 */
export function probe17(model: string, payload: Payload): Measurement | undefined {
  const pair = model === 'H5184' ? uint8(payload, 6) : 1
  if (pair !== 1 && pair !== 2) return undefined
  const pluggedBits = model === 'H5184' ? 0xc0 : 0x80
  const probeAt = (at: number) => {
    const plugged = uint8(payload, at) & pluggedBits
    return {
      temperature_c: plugged ? hundredths(payload, at + 1) : undefined,
      alarm_high_c: hundredths(payload, at + 3),
    }
  }
  const probes = { [pair * 2 - 1]: probeAt(7), [pair * 2]: probeAt(12) }
  return { model, decimals: 2, battery: charge(uint8(payload, 5)), probes }
}

/**
 * Reads two probes with their high and low alarms: those of the H5185, or one of the two pairs that the H5198 sends in
 * turn. Bits 6 and 7 of byte 6 say which of the two are plugged in, its low bits are the pair.
 */
export function probe20(model: string, payload: Payload): Measurement | undefined {
  const state = uint8(payload, 6)
  const pair = model === 'H5198' ? state & 0x3f : 1
  if (pair !== 1 && pair !== 2) return undefined
  const probeOrAlarms = (at: number, plugged: number) =>
    plugged ? probeAt(payload, at) : { ...probeAt(payload, at), temperature_c: undefined }
  const probes = {
    [pair * 2 - 1]: probeOrAlarms(8, state & 0x40),
    [pair * 2]: probeOrAlarms(14, state & 0x80),
  }
  return { model, decimals: 2, battery: charge(uint8(payload, 5)), probes }
}

/** °C from hundredths, 16 bits big-endian at byte `at`; FFFF stands for none. There is no upper limit: ovens are hot. */
function hundredths(payload: Payload, at: number): number | undefined {
  const value = int16(payload, at)
  return value === -1 ? undefined : value / 100
}
