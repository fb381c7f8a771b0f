import {
  addressDigits,
  adStructures,
  type Advertisement,
  parseAdvertisement,
} from '../radio/advertisement.js'
import { findBrand } from './encoders/brandEncoders.js'
import type { BrandValues, Encoder, GoveeValues } from './encoders/encoder.js'
import { encoderOf, findModel, type GoveeModel } from './encoders/goveeEncoders.js'

/** A Govee device, what it says, and how it is heard. */
export interface AdvertisementOptions extends GoveeValues, Heard {
  /** Absent for Govee's. */
  readonly brand?: undefined
  /** `H5075` */
  readonly model: string
  /** Of the H5055 and the H5179 there are two kinds: `h5055` and `h5055-be`, `0001-packed6` and `8801-le9`. @default the first */
  readonly family?: string
}

/** A device of another brand, what it says, and how it is heard. */
export interface BrandAdvertisementOptions extends BrandValues, Heard {
  /** `BTHome` */
  readonly brand: string
  /** Where devices of one brand say things in different ways. @default the most usual */
  readonly model?: string
  /** With which it encrypts, hex digits. @default it does not */
  readonly key?: string
}

/** How a device is heard. */
export interface Heard {
  /** Of the device. @default 'a4:c1:38:11:22:33' */
  readonly address?: string
  /** dBm. @default -61 */
  readonly rssi?: number
  /** Local name in this packet; none when empty. @default as the device has it, `GVH5075_2233` */
  readonly name?: string
  /** When it was heard, milliseconds since the epoch. @default not said */
  readonly at?: number
}

/**
 * The packet in which a device says something, byte for byte as from the air, so that a pipeline can be tested from there.
 * Models that keep their reading for the scan response (H5051, H5052, H5071, H5074, the older H5179) say their name in
 * another packet: the one without values.
 *
 * Devices of other brands are named by `brand`; their values have the names that `decode` prints, but for `temperature`.
 *
 * @throws Error that says what the model can say, when it cannot say this.
 * @example
 * const cold = advertisement({ model: 'H5075', temperature: -7.3, humidity: 48.1, battery: 90 })
 * const pressed = advertisement({ model: 'H5122', event: { type: 'button', button: 0, action: 'press' } })
 * const meat = advertisement({ model: 'H5182', probes: { 1: { temperature: 63, alarmHigh: 70 } } })
 * const tag = advertisement({ brand: 'Ruuvi', temperature: 21.705, humidity: 50.25 })
 * cold.localName
 * // → 'GVH5075_2233'
 */
export function advertisement(options: AdvertisementOptions | BrandAdvertisementOptions): Advertisement {
  return options.brand === undefined ? goveeAdvertisement(options) : brandAdvertisement(options)
}

function brandAdvertisement({
  brand,
  model,
  key,
  address = usualAddress,
  rssi = -61,
  name,
  at,
  ...values
}: BrandAdvertisementOptions): Advertisement {
  const encoder = findBrand(brand)
  const { temperature, ...others } = values
  const who = `The ${brand}`
  try {
    checkNames(values, encoder.says, 'it has')
    const said = { ...others, ...(temperature !== undefined && { temperature_c: temperature }) }
    const content = encoder.encode(said, {
      model,
      address: Buffer.from(addressDigits(address), 'hex'),
      key: key === undefined ? undefined : Buffer.from(key, 'hex'),
    })
    const localName = name ?? content.localName
    const data = Buffer.concat([
      Buffer.of(2, 1, 6),
      adStructures({
        serviceUuids: [],
        manufacturerData: [],
        serviceData: [],
        ...content,
        ...(localName && { localName }),
      }),
    ])
    return {
      address,
      rssi,
      ...(at !== undefined && { at }),
      event: 'adv_ind',
      ...parseAdvertisement(data),
      data,
    }
  } catch (error) {
    throw new Error(`${who} cannot say this: ${(error as Error).message}.`, { cause: error })
  }
}

const usualAddress = 'a4:c1:38:11:22:33'

function goveeAdvertisement({
  model: name,
  family,
  address = usualAddress,
  rssi = -61,
  name: localName,
  at,
  ...values
}: AdvertisementOptions): Advertisement {
  const model = findModel(name, family)
  const encoder = encoderOf(model)
  const isReading = encoder.event !== 'scan_rsp' || Object.keys(values).length > 0
  const event = isReading ? (encoder.event ?? 'adv_ind') : 'adv_ind'
  const isWhole = event !== 'scan_rsp'
  const usualName = isWhole && encoder.named !== false ? nameOf(model, address) : ''
  const data = Buffer.concat([
    isWhole ? Buffer.of(2, 1, 6) : Buffer.of(),
    adStructures({
      ...((localName ?? usualName) && { localName: localName ?? usualName }),
      serviceUuids: isWhole ? uuidsOf(model, encoder) : [],
      manufacturerData: isReading ? [recordOf(model, encoder, values, address)] : [],
      serviceData: [],
    }),
  ])
  return { address, rssi, ...(at !== undefined && { at }), event, ...parseAdvertisement(data), data }
}

const nameOf = ({ name }: GoveeModel, address: string): string =>
  name === undefined ? '' : `${name}${addressDigits(address).slice(-4).toUpperCase()}`

const uuidsOf = ({ service }: GoveeModel, { uuids = ['ec88'] }: Encoder): readonly string[] =>
  service === undefined ? uuids : [service]

function recordOf({ model, family }: GoveeModel, encoder: Encoder, values: GoveeValues, address: string) {
  const octets = Buffer.from(addressDigits(address).slice(-6), 'hex')
  try {
    check(values, encoder)
    const payload = encoder.encode(values, model, octets)
    const company = 'services' in family ? octets : littleEndian(family.companyIds[0] ?? 0)
    return Buffer.from([...company, ...payload])
  } catch (error) {
    throw new Error(`The ${model} cannot say this: ${(error as Error).message}.`, { cause: error })
  }
}

const littleEndian = (id: number) => [id & 0xff, id >> 8]

/** Throws an Error when a device is to say what it has no word for. */
function check(values: GoveeValues, { says, probes = [] }: Encoder): void {
  checkNames(values, says, 'it has')
  for (const probe of Object.values(values.probes ?? {})) checkNames(probe, probes, 'its probes have')
}

function checkNames(part: object, known: readonly string[], who: string): void {
  const unknown = Object.keys(part).find((name) => !known.includes(name))
  if (unknown !== undefined) throw new Error(`${who} ${known.join(', ')}, but no ${unknown}`)
}
