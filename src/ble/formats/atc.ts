import { addressDigits, type Advertisement } from '../../radio/advertisement.js'
import type { Measurement } from '../measurement.js'
import { decryptCcm } from './ccm.js'
import type { Format } from './format.js'
import { int16, int16le, type Payload, uint16, uint16le, uint8 } from './payload.js'

const device = { brand: 'ATC', model: 'ATC' }

/**
 * Thermometers of Xiaomi, Qingping and others with the firmware of atc1441 or of pvvx, as they speak unless told to speak BTHome. Four
 * layouts, told apart by their length alone. Source: github.com/pvvx/ATC_MiThermometer, "Bluetooth Advertising Formats".
 *
 * `b2188d38c1a4 2b08 9011 f70a 43 20 0f`: 20.91 °C, 44.96 %, 2.807 V, battery 67 %, the 32nd measurement. The address of the packet
 * counts and not the one in it. Flags are left out: they are about a reed contact that hardly any of them has.
 */
export const atc: Format = {
  brand: device.brand,
  models: 'thermometers with firmware of atc1441 or pvvx',
  services: ['181a'],
  decode,
  keyAdvice:
    'read it ("Bind key") with the web page of the firmware, TelinkMiFlasher, connected to the thermometer',
}

function decode({ address, serviceData }: Advertisement, key?: Uint8Array): Measurement | undefined {
  for (const { uuid, data } of serviceData) {
    if (uuid !== '181a') continue
    const plain = plainLayouts.get(data.length)
    // Whoever encrypts does so always: what is plain is from somebody else, who wants to be taken for the device.
    if (plain) return key ? { ...device, ignored: true } : { ...device, ...plain({ record: data, start: 0 }) }
    const secret = secretLayouts.get(data.length)
    if (!secret) continue
    const record = key && decrypt(data, address, key)
    if (!record) return { ...device, ignored: true, encrypted: true }
    return { ...device, ...secret({ record, start: 0 }), counter: data[0] ?? 0, counterSize: 256 }
  }
  return undefined
}

type Layout = (payload: Payload) => Partial<Measurement>

/** By their length. Firmware may send all of them in turn: those of pvvx resolve hundredths, those of atc1441 tenths and halves. */
const plainLayouts = new Map<number, Layout>([
  [
    15,
    (payload) => ({
      temperature_c: int16le(payload, 6) / 100,
      humidity: uint16le(payload, 8) / 100,
      voltage: uint16le(payload, 10) / 1000,
      battery: uint8(payload, 12),
      packet: uint8(payload, 13),
      coarse: false,
    }),
  ],
  [
    13,
    (payload) => ({
      temperature_c: int16(payload, 6) / 10,
      humidity: uint8(payload, 8),
      battery: uint8(payload, 9),
      voltage: uint16(payload, 10) / 1000,
      packet: uint8(payload, 12),
      coarse: true,
    }),
  ],
])

/** By the length of what is encrypted: a counter (1 byte), what these read, and a tag (4 bytes). */
const secretLayouts = new Map<number, Layout>([
  [
    11,
    (payload) => ({
      temperature_c: int16le(payload, 0) / 100,
      humidity: uint16le(payload, 2) / 100,
      battery: Math.min(uint8(payload, 4), 100),
      coarse: false,
    }),
  ],
  [
    8,
    (payload) => ({
      temperature_c: uint8(payload, 0) / 2 - 40,
      humidity: uint8(payload, 1) / 2,
      battery: Math.min(uint8(payload, 2) & 0x7f, 100),
      coarse: true,
    }),
  ],
])

function decrypt(data: Uint8Array, address: string, key: Uint8Array): Uint8Array | undefined {
  const [counter = 0] = data
  const cipher = data.subarray(1, -4)
  return decryptCcm(key, { ...atcNonce(address, data.length, counter), cipher, tag: data.subarray(-4) })
}

/** The address from behind, the AD structure as it is on the air up to the UUID, and the counter. */
export const atcNonce = (address: string, length: number, counter: number) => ({
  nonce: Buffer.from([
    ...Buffer.from(addressDigits(address), 'hex').reverse(),
    ...[length + 3, 0x16, 0x1a, 0x18, counter],
  ]),
  aad: Buffer.of(0x11),
})
