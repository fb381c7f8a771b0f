import { miBeaconService } from '../../ble/formats/xiaomi/miBeacon.js'
import { products } from '../../ble/formats/xiaomi/products.js'
import { encryptCcm } from './ccm.js'
import { type BrandEncoder, type EncodedDevice, type EncodedValues, int16, steps } from './encoder.js'

const scaleModel = 'Mi Body Composition Scale'

/**
 * What speaks MiBeacon 5, with a key encrypted, all its values in one packet; and the scale. Motion is said as the seconds since the
 * last one, a button as the YLAI003 does, a knob as the YLKG07YL.
 */
export const xiaomiEncoder: BrandEncoder = {
  brand: 'Xiaomi',
  says: [
    ...(['temperature', 'humidity', 'battery', 'moisture', 'conductivity', 'illuminance_lx'] as const),
    ...(['formaldehyde_mgm3', 'consumable', 'leak', 'smoke', 'motion', 'light', 'window_open'] as const),
    ...(['weight_kg', 'impedance_ohm', 'event', 'packet', 'counter'] as const),
  ],
  encode: (values, device) => ({
    serviceData: [
      device.model === scaleModel
        ? { uuid: '181b', data: scale(values) }
        : { uuid: miBeaconService, data: miBeacon(values, device) },
    ],
  }),
}

function miBeacon(values: EncodedValues, { model, address, key }: EncodedDevice): Uint8Array {
  const plain = Buffer.from(objects.flatMap((each) => encoded(each, values)))
  const isEncrypted = key && plain.length > 0
  const flags = 0x5010 | (plain.length > 0 ? 0x40 : 0) | (isEncrypted ? 0x08 : 0)
  const product = productOf(model ?? usualModel(values))
  const counter = Buffer.alloc(4)
  if (isEncrypted) counter.writeUInt32LE(steps('counter', values.counter ?? 1, 0, 0xffffffff))
  else counter.writeUInt8(steps('packet', values.packet ?? 1, 0, 0xff))
  const reversed = Buffer.from(address).reverse()
  const head = Buffer.of(...little(flags), ...little(product), ...counter.subarray(0, 1), ...reversed)
  if (!isEncrypted) return Buffer.concat([head, plain])
  const high = counter.subarray(1)
  const nonce = Buffer.concat([reversed, head.subarray(2, 5), high])
  const { cipher, tag } = encryptCcm(key, { nonce, aad: Buffer.of(0x11), plain })
  return Buffer.concat([head, cipher, high, tag])
}

function usualModel({ event }: EncodedValues): string {
  if (!event) return 'LYWSD03MMC'
  return event.type === 'dimmer' ? 'YLKG07YL' : 'YLAI003'
}

function productOf(model: string): number {
  const [product] = [...products].find(([, name]) => name === model) ?? []
  if (product !== undefined) return product
  throw new Error(`expected a model that speaks MiBeacon, or ${scaleModel}, got ${model}`)
}

const little = (value: number): number[] => [...int16(value)].reverse()

/** A value as an object: its type, and its bytes. */
type Written = readonly [key: keyof EncodedValues, type: number, bytes: (values: EncodedValues) => number[]]

const percent = (key: 'battery' | 'moisture' | 'consumable', type: number): Written => [
  key,
  type,
  (values) => [steps(key, values[key], 0, 100)],
]
const state = (key: 'leak' | 'smoke' | 'light', type: number): Written => [
  key,
  type,
  (values) => [Number(values[key])],
]

const objects: readonly Written[] = [
  [
    'temperature_c',
    0x1004,
    ({ temperature_c }) => little(steps('temperature', temperature_c, -3276.8, 3276.7, 10)),
  ],
  ['humidity', 0x1006, ({ humidity }) => little(steps('humidity', humidity, 0, 6553.5, 10))],
  [
    'illuminance_lx',
    0x1007,
    ({ illuminance_lx }) => lux(steps('illuminance_lx', illuminance_lx, 0, 0xffffff)),
  ],
  percent('moisture', 0x1008),
  ['conductivity', 0x1009, ({ conductivity }) => little(steps('conductivity', conductivity, 0, 0xffff))],
  percent('battery', 0x100a),
  [
    'formaldehyde_mgm3',
    0x1010,
    ({ formaldehyde_mgm3 }) => little(steps('formaldehyde_mgm3', formaldehyde_mgm3, 0, 655.35, 100)),
  ],
  percent('consumable', 0x1013),
  state('leak', 0x1014),
  state('smoke', 0x1015),
  ['motion', 0x1017, ({ motion }) => [motion ? 0 : 60, 0, 0, 0]],
  state('light', 0x1018),
  ['window_open', 0x1019, ({ window_open }) => [window_open ? 0 : 1]],
  ['event', 0x1001, happening],
]

function encoded([key, type, bytes]: Written, values: EncodedValues): number[] {
  if (values[key] === undefined) return []
  const value = bytes(values)
  return [...little(type), value.length, ...value]
}

const lux = (value: number): number[] => [...little(value), value >> 16]

/** How a device with one button, or a knob, says what was done with it: which, how far, how. */
function happening({ event }: EncodedValues): number[] {
  if (event?.type === 'dimmer')
    return event.action === 'rotate_right'
      ? [0, steps('steps', event.steps, 0, 127), 4]
      : [0, 256 - steps('steps', event.steps, 1, 128), 4]
  const how = event?.type === 'button' ? ['press', 'double_press', 'long_press'].indexOf(event.action) : -1
  if (event?.type === 'button' && event.button === 0 && how >= 0) return [0, 0, how]
  throw new Error('expected a knob turned, or button 0 with press, double_press or long_press')
}

/** Stable, in kilograms; the date and time, which nobody reads, are zeros. */
function scale({ weight_kg, impedance_ohm }: EncodedValues): Uint8Array {
  const weight = steps('weight_kg', weight_kg, 0.005, 0xffff / 200, 200)
  const impedance = impedance_ohm === undefined ? 0 : steps('impedance_ohm', impedance_ohm, 1, 0xffff)
  const flags = 0x20 | (impedance > 0 ? 0x02 : 0)
  return Buffer.of(2, flags, ...Buffer.alloc(7), ...little(impedance), ...little(weight))
}
