import { from, lastValueFrom, toArray } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { parseCaptureLine } from '../../src/captures/parseCaptureLine.js'
import { fromGovee } from '../../src/govee/fromGovee.js'

const packet = (number: number, fields: object = {}) =>
  parseCaptureLine(JSON.stringify({ address: `00:00:00:00:00:0${number}`, ...fields }))
const passed = async (...packets: ReturnType<typeof packet>[]) =>
  (await lastValueFrom(from(packets).pipe(fromGovee(), toArray()), { defaultValue: [] })).map((each) =>
    packets.indexOf(each),
  )

describe('from Govee', () => {
  it.each([
    ['its name', { localName: 'Govee_H5074_A33B' }],
    ['the name of a model nobody knows', { localName: 'GVH9999_0000' }],
    ['its service', { serviceUuids: ['ec88'] }],
    ['its data', { manufacturerData: '88ec0003519e6400' }],
  ])('is a device that is given away by %s', async (_, fields) => {
    expect(await passed(packet(1, fields))).toEqual([0])
  })

  it.each([
    ['nothing', {}],
    ['another name', { localName: 'GoPro' }],
    ['an iBeacon', { manufacturerData: '4c000215494e54454c4c495f524f434b535f48575075f2ffc2' }],
  ])('is none that says %s', async (_, fields) => {
    expect(await passed(packet(1, fields))).toEqual([])
  })

  it('is all that a device says once it has been given away', async () => {
    expect(await passed(packet(1), packet(1, { localName: 'GVH5075_2233' }), packet(2), packet(1))).toEqual([
      1, 3,
    ])
  })
})
