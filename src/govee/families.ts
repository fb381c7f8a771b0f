import type { Family } from './family.js'
import { encrypted24 } from './layouts/encrypted24.js'
import { h5055 } from './layouts/h5055.js'
import { h5055BigEndian } from './layouts/h5055BigEndian.js'
import { h5191 } from './layouts/h5191.js'
import { littleEndian } from './layouts/littleEndian.js'
import { packed24 } from './layouts/packed24.js'
import { packed24Co2 } from './layouts/packed24Co2.js'
import { packed24Dry } from './layouts/packed24Dry.js'
import { packed24Probe } from './layouts/packed24Probe.js'
import { packed24Two } from './layouts/packed24Two.js'
import { packed32 } from './layouts/packed32.js'
import { presence } from './layouts/presence.js'
import { probe14 } from './layouts/probe14.js'
import { probe17 } from './layouts/probe17.js'
import { probe20 } from './layouts/probe20.js'

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
