import { describe, expect, it } from 'vitest'
import { isGovee, isLampName, looksLikeGovee } from '../../../../src/ble/formats/govee/recognise.js'
import { advertisementOf } from '../../advertisementOf.js'

describe('a packet of a Govee device', () => {
  it.each([
    ['its name', { localName: 'Govee_H5074_A33B' }],
    ['the name of a model nobody knows', { localName: 'GVH9999_0000' }],
    ['its service', { serviceUuids: ['ec88'] }],
    ['its data', { manufacturerData: '88ec0003519e6400' }],
  ])('is given away by %s', (_, fields) => {
    expect(isGovee(advertisementOf(fields))).toBe(true)
  })

  it.each([
    ['nothing', {}],
    ['another name', { localName: 'GoPro' }],
    ['an iBeacon', { manufacturerData: '4c000215494e54454c4c495f524f434b535f48575075f2ffc2' }],
  ])('is none that says %s', (_, fields) => {
    expect(isGovee(advertisementOf(fields))).toBe(false)
  })
})

const iBeacon = '4c000215494e54454c4c495f524f434b535f48575075f2ff0c'

const looks = (packet: Parameters<typeof advertisementOf>[0]) => looksLikeGovee(advertisementOf(packet))

describe('a packet looks like Govee’s', () => {
  it.each(['GV51990000', 'GVH5199_0000', 'Govee_H5199_0000', 'B51781234'])('by the name %s', (localName) => {
    expect(looks({ localName, manufacturerData: '0100ff' })).toBe(true)
  })

  it.each(['88ec00', '88ef00', '0188ec', '4388ec000201'])('by the company id in %s', (manufacturerData) => {
    expect(looks({ manufacturerData })).toBe(true)
  })

  it.each(['9251', '8251', '5550'])('by the service %s and its own address', (uuid) => {
    const probe = { serviceUuids: [uuid], manufacturerData: '30554401' }
    expect(looks({ ...probe, address: 'C7:31:30:30:55:44' })).toBe(true)
    expect(looks({ ...probe, address: 'C7:31:30:30:55:45' })).toBe(false)
  })

  it('by any of its records', () => {
    expect(looks({ manufacturerData: [iBeacon, '88ec00'] })).toBe(true)
  })
})

describe('a packet does not look as if Govee’s reading were in it', () => {
  it.each([
    ['when it has no data', { localName: 'Govee_H5074_1234', serviceUuids: ['180a', 'fef5', 'ec88'] }],
    ['when it is an iBeacon', { localName: 'GVH5075_2233', manufacturerData: iBeacon }],
    ['when it tells who a button is', { manufacturerData: '88ec0108f30ad232393756340105' }],
    [
      'when it is a stranger',
      { localName: 'RZSS', serviceUuids: ['ec88'], manufacturerData: '010001010b005864' },
    ],
    ['when it is a phone', { manufacturerData: '4c00100512345678' }],
    ['when the name stands elsewhere', { localName: 'my GVH5075', manufacturerData: '0100ff' }],
    ['when the record is empty', { manufacturerData: '' }],
  ])('%s', (_, packet) => {
    expect(looks(packet)).toBe(false)
  })
})

describe('the names of lamps and plugs', () => {
  it.each(['ihoment_H6159_6C3A', 'Govee_H6199_AB12', 'GVH6072A1B2', 'GVH7021_1A2B', 'GBK_H613D_0A1B'])(
    '%s is no sensor that is not known yet',
    (localName) => {
      expect(isLampName(localName)).toBe(true)
      expect(looksLikeGovee(advertisementOf({ localName, manufacturerData: '88ec0001020304' }))).toBe(false)
    },
  )

  it.each(['GVH5075_2233', 'GV5179_2233', 'Govee_H5074_6677', 'B5178D6FB', 'H6', ''])(
    '%s is none',
    (localName) => {
      expect(isLampName(localName)).toBe(false)
    },
  )
})
