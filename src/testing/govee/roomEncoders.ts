import { charge } from './charge.js'
import { climate24 } from './climate24.js'
import { climate32 } from './climate32.js'
import { climateLittleEndian } from './climateLittleEndian.js'
import type { Encoder } from './encoder.js'
import { int16 } from './int16.js'
import { steps } from './steps.js'

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
