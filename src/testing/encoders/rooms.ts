import { charge, type Encoder, type GoveeValues, int16, steps } from './encoder.js'

const wifi = ['180a', 'fef5', 'ec88']

/** What models without a humidity sensor send in its place. */
const dry = 60

/** Of the sensors that are told by company id and name, by the key of their family. */
export const roomEncoders: Readonly<Record<string, Encoder>> = {
  'ec88-packed6': {
    says: ['temperature', 'humidity', 'battery'],
    encode: (values) => [0, ...climate24(values), charge(values), 0],
  },
  '0001-packed6': {
    says: ['temperature', 'humidity', 'battery'],
    encode: (values) => [1, 1, ...climate24(values), charge(values)],
  },
  '0001-packed32': {
    says: ['temperature', 'humidity', 'pm25'],
    event: 'adv_scan_ind',
    encode: (values) => [1, 1, ...climate32(values)],
  },
  '0001-packed8': {
    says: ['temperature', 'battery'],
    encode: (values) => [1, 1, ...climate24({ ...values, humidity: dry }), charge(values), 0, 0],
  },
  '0001-packed8-probe': {
    says: ['probes', 'battery'],
    probes: ['temperature', 'humidity'],
    encode: (values) => {
      const [[number, probe] = [], ...others] = Object.entries(values.probes ?? {})
      if (!probe || others.length > 0 || (number !== '1' && number !== '2'))
        throw new Error('expected one of the probes 1 and 2, since each has a packet of its own')
      if (number === '2' && probe.humidity !== undefined)
        throw new Error('expected no humidity of probe 2, which has no sensor for it')
      const climate = number === '1' ? probe : { ...probe, humidity: dry }
      return [1, 1, ...climate24(climate), charge(values), 0, number === '1' ? 0x41 : 0x82]
    },
  },
  '0001-packed8-co2': {
    says: ['temperature', 'humidity', 'co2'],
    encode: (values) => [1, 1, ...climate24(values), ...int16(steps('co2', values.co2, 0, 0xffff)), 0],
  },
  '0001-packed9': {
    says: ['temperature', 'humidity', 'battery', 'sensor'],
    encode: (values) => [1, 1, values.sensor ? 1 : 0, ...climate24(values), charge(values), 0, 0],
  },
  'ec88-le7': {
    says: ['temperature', 'humidity', 'battery'],
    event: 'scan_rsp',
    encode: (values) => [0, ...climateLittleEndian(values), 2],
  },
  'ec88-le9': {
    says: ['temperature', 'humidity', 'battery'],
    uuids: wifi,
    event: 'scan_rsp',
    encode: (values) => [0, ...climateLittleEndian(values), 2, 1, 1],
  },
  '8801-le9': {
    says: ['temperature', 'humidity', 'battery'],
    uuids: wifi,
    event: 'scan_rsp',
    encode: (values) => [0xec, 0, 1, 1, ...climateLittleEndian(values)],
  },
  '8803-presence': {
    says: ['occupancy', 'motion'],
    uuids: [],
    encode: ({ occupancy = false, motion = false }) => [0xec, 0, 1, 1, occupancy ? 1 : 0, motion ? 0x11 : 0],
  },
}

/** Temperature and humidity in 3 bytes, big-endian: bit 23 is the sign, the rest `temperature * 10 * 1000 + humidity * 10`. */
function climate24({ temperature, humidity }: GoveeValues): readonly number[] {
  const tenths = steps('temperature', temperature, -40, 100, 10)
  const below = steps('humidity', humidity, 0, 99.9, 10)
  const packed = Math.abs(tenths) * 1000 + below + (tenths < 0 ? 0x800000 : 0)
  return [packed >> 16, (packed >> 8) & 0xff, packed & 0xff]
}

/** Climate and dust in 4 bytes, big-endian: bit 31 is the sign, the rest `temperature * 10^7 + humidity * 10^4 + pm2.5`. */
function climate32({ temperature, humidity, pm25 }: GoveeValues): readonly number[] {
  const tenths = steps('temperature', temperature, -40, 100, 10)
  const below = steps('humidity', humidity, 0, 99.9, 10) * 1000 + steps('pm25', pm25, 0, 999)
  const packed = Math.abs(tenths) * 1_000_000 + below
  const sign = tenths < 0 ? 0x80 : 0
  return [sign | (packed >> 24), (packed >> 16) & 0xff, (packed >> 8) & 0xff, packed & 0xff]
}

/** Temperature and humidity in hundredths, 16 bits little-endian each, then the battery byte. */
function climateLittleEndian(values: GoveeValues): readonly number[] {
  const temperature = steps('temperature', values.temperature, -40, 100, 100)
  const humidity = steps('humidity', values.humidity, 0, 100, 100)
  const power = charge(values)
  if (temperature === -1)
    throw new Error('expected another temperature than -0.01, which is how it says that it has none')
  if (temperature === 0 && humidity === 0 && power === 0)
    throw new Error('expected anything but zeros, which are how it says that it is just starting')
  return [...int16(temperature).reverse(), ...int16(humidity).reverse(), power]
}
