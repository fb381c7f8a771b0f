import type { Advertisement } from '../../radio/advertisement.js'
import type { Measurement } from '../measurement.js'
import type { Format } from './format.js'
import { companyId, digits, int16, type Payload, uint16, uint24, uint8 } from './payload.js'

const company = 0x0499

/**
 * Ruuvi's sensors: RuuviTag (data formats 3 and 5) and Ruuvi Air (6 and E1), all numbers big-endian. Source: docs.ruuvi.com,
 * "Bluetooth advertisements". The battery is a voltage; none of them says a percentage.
 */
export const ruuvi: Format = { brand: 'Ruuvi', models: 'RuuviTag, Ruuvi Air', companies: [company], decode }

function decode({ manufacturerData }: Advertisement): Measurement | undefined {
  for (const record of manufacturerData) {
    const layout = layouts.get(record[2] ?? 0)
    if (layout && companyId(record) === company && record.length >= layout.length + 2)
      return layout.read({ record, start: 2 })
  }
  return undefined
}

interface Layout {
  /** The least number of bytes of a payload. */
  readonly length: number
  readonly read: (payload: Payload) => Measurement
}

const layouts = new Map<number, Layout>([
  [0x03, { length: 14, read: format3 }],
  [0x05, { length: 24, read: format5 }],
  [0x06, { length: 20, read: format6 }],
  [0xe1, { length: 40, read: formatE1 }],
])

/** `03 29 1a1e ce1e fc18 03e8 0042 0be5`: 20.5 %, 26.3 °C. The temperature is sign and magnitude, unlike all others. */
function format3(payload: Payload): Measurement {
  const humidity = uint8(payload, 1)
  const degrees = uint8(payload, 2)
  const hundredths = uint8(payload, 3)
  const size = (degrees & 0x7f) * 100 + hundredths
  return {
    brand: 'Ruuvi',
    model: 'RuuviTag',
    temperature_c: hundredths < 100 ? (degrees & 0x80 ? -size : size) / 100 || 0 : undefined,
    humidity: humidity <= 200 ? humidity / 2 : undefined,
    pressure_hpa: (uint16(payload, 4) + 50_000) / 100,
    ...acceleration(payload, 6),
    voltage: uint16(payload, 12) / 1000,
  }
}

function format5(payload: Payload): Measurement {
  const power = uint16(payload, 13) >> 5
  return {
    ...climate(payload, 'RuuviTag'),
    ...acceleration(payload, 7),
    voltage: power === 0x7ff ? undefined : (power + 1600) / 1000,
    movement_counter: unless(uint8(payload, 15), 0xff),
    packet: unless(uint16(payload, 16), 0xffff),
  }
}

function format6(payload: Payload): Measurement {
  const brightness = uint8(payload, 13)
  return {
    ...climate(payload, 'Ruuvi Air'),
    pm25: tenths(uint16(payload, 7)),
    co2: unless(uint16(payload, 9), 0xffff),
    ...indices(uint8(payload, 11), uint8(payload, 12), uint8(payload, 16)),
    // A logarithmic scale whose last step but one, 254, is 65535 lx.
    illuminance_lx:
      brightness === 0xff ? undefined : digits(Math.exp((brightness * Math.log(65_536)) / 254) - 1, 2),
    packet: uint8(payload, 15),
    coarse: true,
  }
}

function formatE1(payload: Payload): Measurement {
  const brightness = uint24(payload, 19)
  return {
    ...climate(payload, 'Ruuvi Air'),
    pm1: tenths(uint16(payload, 7)),
    pm25: tenths(uint16(payload, 9)),
    pm4: tenths(uint16(payload, 11)),
    pm10: tenths(uint16(payload, 13)),
    co2: unless(uint16(payload, 15), 0xffff),
    ...indices(uint8(payload, 17), uint8(payload, 18), uint8(payload, 28)),
    illuminance_lx: brightness === 0xffffff ? undefined : brightness / 100,
    packet: unless(uint24(payload, 25), 0xffffff),
    coarse: false,
  }
}

/** Temperature, humidity and pressure, as all but the oldest format have them. */
function climate(payload: Payload, model: string): Measurement {
  const temperature = int16(payload, 1)
  const humidity = uint16(payload, 3)
  const pressure = uint16(payload, 5)
  return {
    brand: 'Ruuvi',
    model,
    temperature_c: temperature === -0x8000 ? undefined : temperature / 200 || 0,
    humidity: humidity === 0xffff ? undefined : humidity / 400,
    pressure_hpa: pressure === 0xffff ? undefined : (pressure + 50_000) / 100,
  }
}

/** Three axes; where one is missing, none is said. */
function acceleration(payload: Payload, at: number): Partial<Measurement> {
  const [x = 0, y = 0, z = 0] = [at, at + 2, at + 4].map((place) => int16(payload, place))
  return [x, y, z].includes(-0x8000)
    ? {}
    : { acceleration_x_mg: x, acceleration_y_mg: y, acceleration_z_mg: z }
}

/** The indices of volatile organic compounds and of nitrogen oxides: 8 bits each, and their lowest bits in the flags. */
function indices(voc: number, nox: number, flags: number): Partial<Measurement> {
  return {
    voc_index: unless((voc << 1) | ((flags >> 6) & 1), 0x1ff),
    nox_index: unless((nox << 1) | (flags >> 7), 0x1ff),
  }
}

const tenths = (value: number): number | undefined => (value === 0xffff ? undefined : value / 10)

/** A number, unless it is the one that stands for none. */
const unless = (value: number, none: number): number | undefined => (value === none ? undefined : value)
