import { addressDigits, type Advertisement } from '../../../radio/advertisement.js'
import type { Measurement } from '../../measurement.js'
import { companyId, type Payload } from '../payload.js'
import { encrypted24, encryptedModels, presence } from './events.js'
import { littleEndian } from './littleEndian.js'
import { packed24, packed24Co2, packed24Dry, packed24Probe, packed24Two, packed32 } from './packed.js'
import { h5055, h5055BigEndian, h5191, probe14, probe17, probe20 } from './probes.js'

/**
 * What a packet says, or undefined when there is no reading of a known Govee model in it. Every manufacturer record
 * is looked at, since an iBeacon may stand beside the reading. Never throws, whatever the bytes.
 *
 * @example
 * decodeGovee(advertisement({ model: 'H5075', temperature: 21.7, humidity: 50.2 }))
 * // → { model: 'H5075', decimals: 1, temperature_c: 21.7, humidity: 50.2, battery: 100 }
 */
export function decodeGovee(advertisement: Advertisement): Measurement | undefined {
  for (const record of advertisement.manufacturerData) {
    const candidates = byCompany.get(companyId(record)) ?? served
    const length = (record.length > longest ? startOfTail(record) : record.length) - 2
    for (const family of candidates) {
      if (family.length !== length) continue
      const model = modelOf(family, record, advertisement)
      if (model === undefined) continue
      const measurement = family.decode(model, { record, start: 2 })
      if (measurement) return measurement
    }
  }
  return undefined
}

/**
 * Every family of Govee sensors that can be read; the first row that matches a record decodes it.
 *
 * 0xEC88 and 0xEF88 are Govee's own. 0x0001 belongs to another company, so it always takes a name. 0x8801, 0x8803 and
 * 0x8843 are no ids at all, but a byte before `88 EC`; Govee's lamps send such records too, so the H5127 takes a name.
 */
export const families: readonly Family[] = [
  {
    key: 'ec88-packed6',
    companyIds: [0xec88],
    length: 6,
    names: { GVH5072_: 'H5072', GVH5075_: 'H5075', GVH5129_: 'H5129' },
    otherwise: 'H5075',
    decode: (model, payload) => packed24(model, payload, 1),
  },
  {
    key: '0001-packed6',
    companyIds: [0x0001],
    length: 6,
    begins: [1, 1],
    names: {
      GVH5100_: 'H5100',
      GVH5101_: 'H5101',
      GVH5102_: 'H5102',
      GVH5103_: 'H5103',
      GVH5104_: 'H5104',
      GVH5105_: 'H5105',
      GVH5110_: 'H5110',
      GVH5174_: 'H5174',
      GVH5177_: 'H5177',
      GV5179_: 'H5179',
    },
    decode: (model, payload) => packed24(model, payload, 2),
  },
  {
    key: '0001-packed32',
    companyIds: [0x0001],
    length: 6,
    begins: [1, 1],
    names: { GVH5106_: 'H5106' },
    decode: packed32,
  },
  {
    key: '0001-packed8',
    companyIds: [0x0001],
    length: 8,
    begins: [1, 1],
    names: { GV5108: 'H5108', GV5111: 'H5111' },
    decode: packed24Dry,
  },
  {
    key: '0001-packed8-probe',
    companyIds: [0x0001],
    length: 8,
    begins: [1, 1],
    names: { GV5112: 'H5112' },
    decode: packed24Probe,
  },
  {
    key: '0001-packed8-co2',
    companyIds: [0x0001],
    length: 8,
    begins: [1, 1],
    names: { GV5140: 'H5140' },
    decode: packed24Co2,
  },
  {
    key: '0001-packed9',
    companyIds: [0x0001],
    length: 9,
    begins: [1, 1],
    // No other model has this length, so Govee's general name will do; some units go by it.
    names: { B5178: 'H5178', Govee_: 'H5178' },
    decode: packed24Two,
  },
  {
    key: 'ec88-le7',
    companyIds: [0xec88],
    length: 7,
    names: { Govee_H5074_: 'H5074' },
    otherwise: 'H5074',
    decode: (model, payload) => littleEndian(model, payload, 1),
  },
  {
    key: 'ec88-le9',
    companyIds: [0xec88],
    length: 9,
    names: { Govee_H5051_: 'H5051', Govee_H5052_: 'H5052', Govee_H5071_: 'H5071' },
    otherwise: 'H5051',
    decode: (model, payload) => littleEndian(model, payload, 1),
  },
  {
    key: '8801-le9',
    companyIds: [0x8801],
    length: 9,
    begins: [0xec, 0x00, 0x01, 0x01],
    names: { Govee_H5179_: 'H5179' },
    otherwise: 'H5179',
    decode: (model, payload) => littleEndian(model, payload, 4),
  },
  {
    key: '8803-presence',
    companyIds: [0x8803, 0x8843],
    length: 6,
    begins: [0xec, 0x00],
    names: { GVH5127: 'H5127' },
    decode: presence,
  },
  // Any name will do, and none: the model stands in the cipher.
  { key: 'encrypted24', companyIds: [0xef88], length: 24, names: { '': '' }, decode: encrypted24 },
  { key: 'probe14', services: { 8151: 'H5181', 8351: 'H5183' }, length: 14, decode: probe14 },
  { key: 'probe17', services: { 8251: 'H5182', 8451: 'H5184' }, length: 17, decode: probe17 },
  { key: 'probe20', services: { 8551: 'H5185', 9851: 'H5198' }, length: 20, decode: probe20 },
  { key: 'probe20-ambient', services: { 9151: 'H5191' }, length: 20, decode: h5191 },
  { key: 'h5055', services: { 5550: 'H5055' }, length: 20, decode: h5055 },
  { key: 'h5055-be', services: { 5550: 'H5055' }, length: 20, decode: h5055BigEndian },
]

/** Models that share one layout, and how strictly a packet must look like theirs. */
export type Family = (Named | Served) & {
  readonly key: string
  /** Bytes of payload behind the company id. */
  readonly length: number
  /** The measurement in a payload of this length; undefined when it turns out to be none. */
  readonly decode: (model: string, payload: Payload) => Measurement | undefined
}

/** Recognised by company id and local name. */
interface Named {
  readonly companyIds: readonly number[]
  /** What the payload begins with. */
  readonly begins?: readonly number[]
  /** What local names begin with, and the model each stands for. */
  readonly names: Readonly<Record<string, string>>
  /** The model when there is no name, or one that says no model; without it, the name is needed. */
  readonly otherwise?: string
}

/** Recognised by a service UUID: where others have the company id, these begin with the end of their address. */
interface Served {
  /** 16-bit service UUIDs, and the model each stands for. */
  readonly services: Readonly<Record<string, string>>
}

/** Every model that can be read, by its number. */
export function models(): string[] {
  const named = families.flatMap((family) =>
    Object.values('services' in family ? family.services : family.names),
  )
  return [...new Set([...named, ...encryptedModels])].filter((model) => model !== '').sort()
}

/** What is left for a record that begins with no company id of Govee's, as most of what is on the air does. */
const served = families.filter((family) => 'services' in family)

const byCompany = new Map(
  families
    .flatMap((family) => ('companyIds' in family ? family.companyIds : []))
    .map((id) => [
      id,
      families.filter((family) => !('companyIds' in family) || family.companyIds.includes(id)),
    ]),
)

const longest = Math.max(...families.map(({ length }) => length + 2))

/** Some stacks glue the next structure, an iBeacon, to the payload without its header. */
const gluedTail = Buffer.from('\x4c\x00\x02\x15INTELLI_ROCKS_HW', 'latin1')

function startOfTail(record: Uint8Array): number {
  return Buffer.from(record.buffer, record.byteOffset, record.length).indexOf(gluedTail, 2)
}

/** The model of a family that a record of its company id and length belongs to; undefined when it is none of them. */
function modelOf(family: Family, record: Uint8Array, advertisement: Advertisement): string | undefined {
  return 'services' in family
    ? servedModel(family, record, advertisement)
    : namedModel(family, record, advertisement.localName)
}

function namedModel(
  { begins = [], names, otherwise }: Named,
  record: Uint8Array,
  localName = '',
): string | undefined {
  if (!begins.every((byte, at) => record[at + 2] === byte)) return undefined
  for (const prefix in names) if (localName.startsWith(prefix)) return names[prefix]
  if (otherwise === undefined) return undefined
  // A name that says the model of another family speaks against this one.
  const digits = modelInName.exec(localName)?.[1]
  return digits === undefined ? otherwise : Object.values(names).find((model) => model === `H${digits}`)
}

const modelInName = /^(?:GVH?|Govee_H)(\d{4})/

function servedModel(
  { services }: Served,
  record: Uint8Array,
  { serviceUuids, address, localName = '' }: Advertisement,
): string | undefined {
  for (const uuid of serviceUuids) {
    const model = services[uuid]
    if (model === undefined) continue
    // Anybody may use a 16-bit UUID, so something else has to speak for the model: the fixed bytes that all but the
    // older H5055 send, the address, or the name. macOS shows no addresses: the UUID and the length have to do there.
    const fixed = record[4] === 0 && record[5] === 1 && record[6] === 1
    const digits = addressDigits(address)
    if (fixed || digits.length !== 12 || spellsAddress(record, digits)) return model
    if (localName.startsWith(`GV${model}`)) return model
  }
  return undefined
}

/** Whether a manufacturer record begins with the last three octets of the address: `30 55 44`, and `c73130305544`. */
export const spellsAddress = (record: Uint8Array, digits: string): boolean =>
  Buffer.from(record.subarray(0, 3)).toString('hex') === digits.slice(-6)
