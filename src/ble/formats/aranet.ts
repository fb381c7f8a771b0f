import type { Advertisement } from '../../radio/advertisement.js'
import type { Measurement } from '../measurement.js'
import type { Format } from './format.js'
import { companyId, digits, type Payload, uint16le, uint32le, uint8 } from './payload.js'

const company = 0x0702

/** Aranet's sensors of CO2, climate, radiation and radon. Source: Aranet4-Python. */
export const aranet: Format = {
  brand: 'Aranet',
  get models() {
    return layouts.map(({ model }) => model).join(', ')
  },
  companies: [company],
  advice:
    'it does not send its readings: switch on "Smart Home integrations" in its settings in the Aranet Home app',
  decode,
}

function decode({ localName = '', manufacturerData }: Advertisement): Measurement | undefined {
  for (const record of manufacturerData) {
    if (companyId(record) !== company) continue
    // The first one had no byte for its type, so all is a byte nearer to the beginning.
    const isFirst = localName.startsWith('Aranet4') || (!localName.startsWith('Aranet') && isShort(record))
    const payload = { record, start: isFirst ? 1 : 2 }
    const layout = layouts[isFirst ? 0 : uint8(payload, 0)]
    const length = record.length - payload.start
    if (!layout || length < 5) continue
    const device = { brand: 'Aranet', model: layout.model }
    if ((uint8(payload, 1) & 0x20) === 0) return { ...device, ignored: true }
    if (length >= layout.length) return { ...device, ...layout.read(payload, localName) }
  }
  return undefined
}

/** Whether a record is as long as those without a type are, with or without a reading. */
const isShort = ({ length }: Uint8Array): boolean => length === 9 || length === 24

interface Layout {
  readonly model: string
  /** The least number of bytes from the type on. */
  readonly length: number
  readonly read: (payload: Payload, name: string) => Partial<Measurement>
}

/** By type. */
const layouts: readonly Layout[] = [
  { model: 'Aranet4', length: 23, read: carbonDioxide },
  { model: 'Aranet2', length: 22, read: climate },
  { model: 'Aranet Radiation', length: 18, read: radiation },
  { model: 'Aranet Radon', length: 22, read: radon },
]

/** `21 0e0401 00 0c0f01 4c03 0e02 601f 11 62 …`: 844 ppm, 26.3 °C, 803.2 hPa, 17 %, battery 98 %. */
function carbonDioxide(payload: Payload): Partial<Measurement> {
  return {
    co2: valid(uint16le(payload, 9)),
    temperature_c: temperature(payload, 11),
    pressure_hpa: tenths(payload, 13),
    humidity: uint8(payload, 15),
    battery: uint8(payload, 16),
  }
}

/** Its humidity has tenths. */
function climate(payload: Payload): Partial<Measurement> {
  return {
    temperature_c: temperature(payload, 10),
    humidity: tenths(payload, 14),
    battery: uint8(payload, 17),
  }
}

function radon(payload: Payload, name: string): Partial<Measurement> {
  const concentration = uint16le(payload, 8)
  // The AranetRn1 measures nothing else; zeros are in the place of it.
  const isAlone = name.startsWith('AranetRn1') || (uint16le(payload, 10) === 0 && uint16le(payload, 14) === 0)
  return {
    radon_bqm3: concentration < 0x1f00 ? concentration : undefined,
    ...(isAlone ? { battery: uint8(payload, 17) } : climate(payload)),
    pressure_hpa: uint16le(payload, 12) === 0 ? undefined : tenths(payload, 12),
  }
}

/** `02 21260401 00 d0330000 6c600600 8200 00 63 …`: 13.264 µSv in all, 1.3 µSv/h, battery 99 %. */
function radiation(payload: Payload): Partial<Measurement> {
  return {
    radiation_usvh: uint16le(payload, 14) / 100,
    radiation_total_usv: uint32le(payload, 6) / 1000,
    battery: uint8(payload, 17),
  }
}

/** A number, unless the bit above those it needs says that there is none. */
const valid = (value: number): number | undefined => (value & 0x8000 ? undefined : value)

function tenths(payload: Payload, at: number): number | undefined {
  const value = valid(uint16le(payload, at))
  return value === undefined ? undefined : value / 10
}

/** In twentieths of a degree. */
function temperature(payload: Payload, at: number): number | undefined {
  const value = uint16le(payload, at)
  return value & 0x4000 ? undefined : digits(value / 20, 2)
}
