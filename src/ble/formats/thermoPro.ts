import type { Advertisement } from '../../radio/advertisement.js'
import type { Measurement } from '../measurement.js'
import type { Format } from './format.js'
import { digits, int16le, type Payload, percent, uint16le, uint24, uint8 } from './payload.js'

const names = /^TP(?:35|39|96|97[02])\w*/

/**
 * ThermoPro's thermometers. The record has no company id, values begin in its place, and the name says which model it is.
 * Sources: thermopro-ble, and Theengs.
 */
export const thermoPro: Format = {
  brand: 'ThermoPro',
  models: 'TP35x, TP39x, TP96x, TP970, TP972',
  names,
  decode,
}

function decode({ localName = '', manufacturerData }: Advertisement): Measurement | undefined {
  const [model] = names.exec(localName) ?? []
  if (model === undefined) return undefined
  const read = model.startsWith('TP3') ? room : probe
  for (const record of manufacturerData) {
    const values = read({ record, start: 0 })
    if (values) return { brand: 'ThermoPro', model, ...values }
  }
  return undefined
}

/** `c2 ee00 29 22 …`: 23.8 °C, 41 %, battery 100 %. */
function room(payload: Payload): Partial<Measurement> | undefined {
  if (payload.record.length < 6) return undefined
  if (uint24(payload, 1) === 0xffffff) return { error: true }
  return {
    temperature_c: int16le(payload, 1) / 10 || 0,
    humidity: uint8(payload, 3),
    battery: [1, 50, 100][uint8(payload, 4) & 3],
  }
}

/** `00 3a00 3008 3800`: probe 1, 28 °C inside the meat and 26 °C around it, battery 9 %. */
function probe(payload: Payload): Partial<Measurement> | undefined {
  const { record } = payload
  const number = uint8(payload, 0) + 1
  const battery = charge(uint16le(payload, 3))
  switch (record.length) {
    case 7:
    // Behind them is the address of the base.
    case 13: {
      const [inside, around] = [uint16le(payload, 1) - 30, uint16le(payload, 5) - 30]
      return { probes: { [number]: { temperature_c: inside, ambient_c: around } }, battery }
    }
    case 23: {
      const floats = new DataView(record.buffer, record.byteOffset)
      const place = (at: number) => {
        const value = floats.getFloat32(at, true)
        return Number.isFinite(value) ? digits(celsius(value), 1) : undefined
      }
      const measured = { temperature_c: place(5), center_c: place(9), end_c: place(13) }
      return {
        probes: { [number]: { ...measured, ambient_c: Math.trunc(celsius(uint16le(payload, 1))) || 0 } },
        battery,
      }
    }
    default:
      return undefined
  }
}

/** Of °F that are sent with 54 added to them. */
const celsius = (sent: number): number => ((sent - 54 - 32) * 5) / 9

/** Percent, of what the probe measures at its battery. */
const charge = (raw: number): number =>
  digits(percent(52.317286 * Math.tanh(raw / 273.624278 - 8.764854) + 51.06925), 0)
