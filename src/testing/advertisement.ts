import {
  addressDigits,
  adStructures,
  type Advertisement,
  parseAdvertisement,
} from '../radio/advertisement.js'
import type { Encoder, GoveeValues } from './encoders/encoder.js'
import { encoderOf, findModel, type GoveeModel } from './encoders/goveeEncoders.js'

/** A Govee device, what it says, and how it is heard. */
export interface AdvertisementOptions extends GoveeValues {
  /** `H5075` */
  readonly model: string
  /** Of the H5055 and the H5179 there are two kinds: `h5055` and `h5055-be`, `0001-packed6` and `8801-le9`. @default the first */
  readonly family?: string
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
 * The packet in which a Govee device says something, byte for byte as from the air, so that a pipeline can be tested from there.
 * Models that keep their reading for the scan response (H5051, H5052, H5071, H5074, the older H5179) say their name in
 * another packet: the one without values.
 *
 * @throws Error that says what the model can say, when it cannot say this.
 * @example
 * const cold = advertisement({ model: 'H5075', temperature: -7.3, humidity: 48.1, battery: 90 })
 * const pressed = advertisement({ model: 'H5122', event: { type: 'button', button: 0, action: 'press' } })
 * const meat = advertisement({ model: 'H5182', probes: { 1: { temperature: 63, alarmHigh: 70 } } })
 * cold.localName
 * // → 'GVH5075_2233'
 */
export function advertisement({
  model: name,
  family,
  address = 'a4:c1:38:11:22:33',
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
  const strangers = (part: object, known: readonly string[], who: string) => {
    const unknown = Object.keys(part).find((name) => !known.includes(name))
    if (unknown !== undefined) throw new Error(`${who} ${known.join(', ')}, but no ${unknown}`)
  }
  strangers(values, says, 'it has')
  for (const probe of Object.values(values.probes ?? {})) strangers(probe, probes, 'its probes have')
}
