import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeGovee } from '../../src/govee/decodeGovee.js'
import { families } from '../../src/govee/families.js'
import { advertisementOf } from './advertisementOf.js'
import { type Vector, vectors } from './vectors.js'

const iBeacon = '4c000215494e54454c4c495f524f434b535f48575075f2ff0c'
const models = families.flatMap(({ names }) => Object.values(names))

const packetOf = ({ localName, manufacturerData, serviceUuids = [] }: Vector) =>
  advertisementOf({
    serviceUuids,
    ...(localName !== undefined && { localName }),
    ...(manufacturerData !== undefined && { manufacturerData }),
  })

const littleEndian = (companyId: string) => {
  const hex = Number(companyId).toString(16).padStart(4, '0')
  return hex.slice(2) + hex.slice(0, 2)
}

const packed = (temperatureTenths: number, humidityTenths: number) => {
  const magnitude = Math.abs(temperatureTenths) * 1000 + humidityTenths
  return (magnitude + (temperatureTenths < 0 ? 0x800000 : 0)).toString(16).padStart(6, '0')
}

const byte = (value: number) => value.toString(16).padStart(2, '0')

describe('the public vectors', () => {
  const readable = vectors.filter(
    ({ model, expected }) => models.includes(model ?? '') && !expected['ignored'],
  )
  // An H5179 exists in two generations; the older one has a layout, and a name, of its own.
  const supported = readable.filter(({ localName }) => !localName?.startsWith('Govee_'))
  const others = vectors.filter((vector) => !supported.includes(vector))

  it.each(supported)('$id is decoded', (vector) => {
    expect(decodeGovee(packetOf(vector))).toMatchObject({ model: vector.model, ...vector.expected })
  })

  it.each(supported)('$id is decoded from all the records of its packet, in any order', (vector) => {
    const records = Object.entries(vector.allManufacturerData ?? {}).map(
      ([id, hex]) => littleEndian(id) + hex,
    )
    for (const manufacturerData of [records, records.toReversed()]) {
      const packet = advertisementOf({ localName: vector.localName ?? '', manufacturerData })
      expect(decodeGovee(packet)).toMatchObject(vector.expected)
    }
  })

  it.each(others)('$id ($model) is not taken for one of the families', (vector) => {
    expect(decodeGovee(packetOf(vector))).toBeUndefined()
  })
})

describe('company id 0xEC88 with 6 bytes of payload', () => {
  it.each([
    [undefined, 'H5075'],
    ['Kitchen', 'H5075'],
    ['GVH5075_2233', 'H5075'],
    ['GVH5072_2233', 'H5072'],
    ['GVH5129_2233', 'H5129'],
  ])('is enough by itself: under the name %s it is an %s', (localName, model) => {
    const packet = advertisementOf({ ...(localName && { localName }), manufacturerData: '88ec0003519e6400' })
    expect(decodeGovee(packet)).toEqual({
      model,
      decimals: 1,
      temperature_c: 21.7,
      humidity: 50.2,
      battery: 100,
    })
  })

  it.each(['88ec0108f30ad232393756340105', '88ec0003519e64', '88ec', '88', ''])(
    'is needed in full: %j says nothing',
    (manufacturerData) => {
      expect(decodeGovee(advertisementOf({ localName: 'GVH5075_2233', manufacturerData }))).toBeUndefined()
    },
  )
})

describe('company id 0x0001', () => {
  const manufacturerData = '01000101033aed64'

  it.each([
    undefined,
    '',
    'RZSS',
    'GVH5106_4E05',
    'GVH5108_2233',
    'my GVH5105_7336',
    'gvh5105_7336',
    'GVH5105',
  ])('is not read under the name %s', (localName) => {
    const packet = advertisementOf({
      serviceUuids: ['ec88'],
      manufacturerData,
      ...(localName && { localName }),
    })
    expect(decodeGovee(packet)).toBeUndefined()
  })

  it('is not read unless the payload begins with 01 01', () => {
    const packet = advertisementOf({ localName: 'GVH5105_7336', manufacturerData: '01000102033aed64' })
    expect(decodeGovee(packet)).toBeUndefined()
  })

  it.each(Object.entries(families[1]?.names ?? {}))('under the name %s… is an %s', (prefix, model) => {
    const packet = advertisementOf({ localName: `${prefix}2233`, manufacturerData })
    expect(decodeGovee(packet)).toEqual({
      model,
      decimals: 1,
      temperature_c: 21.1,
      humidity: 69.3,
      battery: 100,
    })
  })
})

describe('the packed layout', () => {
  const decodeBytes = (climate: string, battery: string) =>
    decodeGovee(advertisementOf({ manufacturerData: `88ec00${climate}${battery}00` }))

  it('decodes every temperature, humidity and battery charge to exactly itself', () => {
    const temperatures = fc.integer({ min: -400, max: 1000 })
    const humidities = fc.integer({ min: 0, max: 999 })
    const charges = fc.integer({ min: 0, max: 100 })
    fc.assert(
      fc.property(temperatures, humidities, charges, (temperature, humidity, battery) => {
        expect(decodeBytes(packed(temperature, humidity), byte(battery))).toStrictEqual({
          model: 'H5075',
          decimals: 1,
          temperature_c: temperature / 10,
          humidity: humidity / 10,
          battery,
        })
      }),
      { numRuns: 2000 },
    )
  })

  it('reads a sign without a magnitude as 0, not as -0', () => {
    expect(Object.is(decodeBytes('8001e1', '64')?.temperature_c, 0)).toBe(true)
  })

  it.each([
    ['bit 7 of the battery byte is set', packed(217, 502), 'e4', 100],
    ['it is hotter than 100 °C', packed(1001, 502), '64', 100],
    ['it is colder than -40 °C', packed(-401, 502), '64', 100],
    ['a flat H5177 sends all ones', 'ffffff', '00', 0],
  ])('has no valid values when %s', (_, climate, power, battery) => {
    expect(decodeBytes(climate, power)).toStrictEqual({ model: 'H5075', decimals: 1, battery, error: true })
  })

  it('has no battery charge when it says more than 100 %', () => {
    expect(decodeBytes(packed(217, 502), '7f')).toStrictEqual({
      model: 'H5075',
      decimals: 1,
      temperature_c: 21.7,
      humidity: 50.2,
    })
  })
})

it('cuts a glued iBeacon off before it looks at the length', () => {
  const packet = (payload: string) => advertisementOf({ manufacturerData: payload + iBeacon })
  expect(decodeGovee(packet('88ec0003519e6400'))).toMatchObject({ temperature_c: 21.7 })
  expect(decodeGovee(packet('88ec0003519e64'))).toBeUndefined()
})

it('finds the reading behind other records', () => {
  const packet = advertisementOf({ manufacturerData: [iBeacon, '', '01000101033aed64', '88ec0003519e6400'] })
  expect(decodeGovee(packet)).toMatchObject({ temperature_c: 21.7 })
})

it('never throws, whatever the bytes and names', () => {
  const headers = fc.constantFrom('', '88ec', '0100', '01000101', iBeacon)
  const records = fc.tuple(headers, fc.uint8Array({ maxLength: 40 }), fc.constantFrom('', iBeacon))
  const names = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('GVH5075_2233', 'GVH5105_2233'))
  fc.assert(
    fc.property(fc.array(records), names, (parts, localName) => {
      const manufacturerData = parts.map(
        ([header, bytes, tail]) => header + Buffer.from(bytes).toString('hex') + tail,
      )
      const {
        temperature_c = 0,
        humidity = 0,
        battery = 0,
      } = decodeGovee(advertisementOf({ localName, manufacturerData })) ?? {}
      expect(temperature_c >= -40 && temperature_c <= 100).toBe(true)
      expect(humidity >= 0 && humidity <= 100).toBe(true)
      expect(battery >= 0 && battery <= 100).toBe(true)
    }),
    { numRuns: 500 },
  )
})
