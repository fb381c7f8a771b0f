import type { Family } from './family.js'
import { packed24 } from './packed24.js'

/** Every family of Govee sensors that can be read; the first row that matches a record decodes it. */
export const families: readonly Family[] = [
  {
    key: 'ec88-packed6',
    companyId: 0xec88,
    length: 6,
    names: { GVH5072_: 'H5072', GVH5075_: 'H5075', GVH5129_: 'H5129' },
    otherwise: 'H5075',
    decode: (model, payload) => packed24(model, payload, 1),
  },
  {
    key: '0001-packed6',
    companyId: 0x0001,
    length: 6,
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
    decode: (model, payload) =>
      payload[0] === 1 && payload[1] === 1 ? packed24(model, payload, 2) : undefined,
  },
]
