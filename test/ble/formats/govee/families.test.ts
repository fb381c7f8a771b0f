import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeGovee, families } from '../../../../src/ble/formats/govee/families.js'
import type { Measurement } from '../../../../src/ble/measurement.js'
import { advertisementOf } from '../../advertisementOf.js'
import { encrypted } from '../../encrypted.js'
import { packetOf } from '../../packetOf.js'
import { vectors } from '../../vectors.js'

const iBeacon = '4c000215494e54454c4c495f524f434b535f48575075f2ff0c'

const littleEndian = (companyId: string) => {
  const hex = Number(companyId).toString(16).padStart(4, '0')
  return hex.slice(2) + hex.slice(0, 2)
}

/** What a vector demands, without what the sources disagree about; absent is as good as null. */
function demanded(
  values: Record<string, unknown>,
  disputed: readonly string[] = [],
): Record<string, unknown> {
  const entries = Object.entries(values).flatMap(([name, value]): [string, unknown][] => {
    if (disputed.includes(name)) return []
    if (value === null) return [[name, undefined]]
    return [[name, typeof value === 'object' ? demanded(value as Record<string, unknown>) : value]]
  })
  return Object.fromEntries(entries)
}

/** Absent values stand as undefined, as `demanded` wants them. */
const filled = (measurement?: Measurement) =>
  measurement && {
    ...measurement,
    probes: Object.fromEntries(
      Object.entries(measurement.probes ?? {}).map(([number, probe]) => [
        number,
        { temperature_c: undefined, alarm_high_c: undefined, alarm_low_c: undefined, ...probe },
      ]),
    ),
  }

describe('the public vectors', () => {
  const readable = vectors.filter(({ expected }) => !expected['ignored'])
  const ignored = vectors.filter(({ expected }) => expected['ignored'])

  it.each(readable)('$id ($model) is decoded', (vector) => {
    const { model, expected, expectedOptional = {}, disputedFields } = vector
    const measurement = filled(decodeGovee(packetOf(vector)))
    expect(measurement).toMatchObject({ model, ...demanded(expected, disputedFields) })
    expect(measurement).toMatchObject(demanded(expectedOptional))
  })

  it.each(readable)('$id is decoded from all the records of its packet, in any order', (vector) => {
    const records = Object.entries(vector.allManufacturerData ?? {}).map(
      ([id, hex]) => littleEndian(id) + hex,
    )
    if (records.length === 0) records.push(...[vector.manufacturerData ?? []].flat())
    for (const manufacturerData of [records, records.toReversed()]) {
      expect(decodeGovee(packetOf({ ...vector, manufacturerData }))).toEqual(decodeGovee(packetOf(vector)))
    }
  })

  it.each(readable)('$id publishes no value when its packet says that they are invalid', (vector) => {
    const { error, temperature_c, humidity, probes, co2, pm25 } = decodeGovee(packetOf(vector)) ?? {}
    expect(error).toBe(vector.expected['error'])
    const valued = [temperature_c, humidity, probes, co2, pm25].some((value) => value !== undefined)
    expect(error && valued).not.toBe(true)
  })

  it.each(ignored)('$id is no reading', (vector) => {
    expect(decodeGovee(packetOf(vector))).toBeUndefined()
  })
})

describe("Govee's own company id", () => {
  const decode = (manufacturerData: string, localName?: string) =>
    decodeGovee(advertisementOf({ manufacturerData, ...(localName !== undefined && { localName }) }))?.model

  it.each([
    ['88ec0003519e6400', undefined, 'H5075'],
    ['88ec0003519e6400', 'Kitchen', 'H5075'],
    ['88ec0003519e6400', 'GVH5072_2233', 'H5072'],
    ['88ec0003519e6400', 'GVH5129_2233', 'H5129'],
    ['88ec0003519e6400', 'Govee_H5072_2233', 'H5072'],
    ['88ec00e609bc126402', undefined, 'H5074'],
    ['88ec00e609bc126402', 'GVH5074_2233', 'H5074'],
    ['88ec00ba0af90f63020101', undefined, 'H5051'],
    ['88ec00ba0af90f63020101', 'Govee_H5052_2233', 'H5052'],
    ['88ec00ba0af90f63020101', 'Govee_H5071_2233', 'H5071'],
    ['0188ec0001010a0aa40664', undefined, 'H5179'],
  ])('is enough by itself: %s under the name %s is an %s', (manufacturerData, localName, model) => {
    expect(decode(manufacturerData, localName)).toBe(model)
  })

  it.each([
    ['88ec00e609bc126402', 'GVH5075_2233'],
    ['88ec00ba0af90f63020101', 'GVH5075_2233'],
    ['88ec0003519e6400', 'Govee_H5074_2233'],
    ['88ec0003519e6400', 'GVH5199_2233'],
    ['0188ec0001010a0aa40664', 'GVH5075_2233'],
  ])('is not enough for %s under the name %s of another model', (manufacturerData, localName) => {
    expect(decode(manufacturerData, localName)).toBeUndefined()
  })

  it.each([
    '88ec0108f30ad232393756340105',
    '88ec0003519e6400000000',
    '88ec0003519e',
    '88ec',
    '88',
    '',
    '0188ec0002010a0aa40664',
    '0188ec0001010a0aa406',
    '0288ec0001010a0aa40664',
  ])('is needed in full: %j says nothing', (manufacturerData) => {
    expect(decode(manufacturerData, 'GVH5075_2233')).toBeUndefined()
  })
})

describe('company id 0x0001', () => {
  const payloads: Record<number, string> = {
    6: '0101033aed64',
    8: '0101033dee640041',
    9: '010101002af7640003',
  }
  const rows = families.flatMap((family) =>
    'companyIds' in family && family.companyIds.includes(1)
      ? Object.entries(family.names).map(([prefix, model]) => ({ prefix, model, length: family.length }))
      : [],
  )
  const decode = (length: number, localName?: string) =>
    decodeGovee(
      advertisementOf({
        serviceUuids: ['ec88'],
        manufacturerData: `0100${payloads[length] ?? ''}`,
        ...(localName !== undefined && { localName }),
      }),
    )

  it.each(rows)('under the name $prefix… is an $model', ({ prefix, model, length }) => {
    expect(decode(length, `${prefix}2233`)?.model).toBe(model)
  })

  it.each(rows)('is read only where the name $prefix… stands at the beginning', ({ prefix, length }) => {
    expect(decode(length, `my ${prefix}2233`)).toBeUndefined()
    expect(decode(length, prefix.toLowerCase())).toBeUndefined()
    expect(decode(length, prefix.slice(0, -1))).toBeUndefined()
  })

  it.each([6, 8, 9])('is not read without a name, or under a strange one (%i bytes)', (length) => {
    for (const name of [undefined, '', 'RZSS', 'GVH5199_2233']) expect(decode(length, name)).toBeUndefined()
  })

  it.each(rows)('is not read in another length than that of $model', ({ prefix, model, length }) => {
    for (const other of [6, 8, 9]) {
      if (other !== length) expect(decode(other, `${prefix}2233`)?.model).not.toBe(model)
    }
  })

  it('is not read unless the payload begins with 01 01', () => {
    const packet = advertisementOf({ localName: 'GVH5105_7336', manufacturerData: '01000102033aed64' })
    expect(decodeGovee(packet)).toBeUndefined()
  })
})

describe('a probe', () => {
  const newer = { serviceUuids: ['8251'], manufacturerData: '30554401000101e401860834ffff860960ffff' }
  const bare = { serviceUuids: ['8251'], manufacturerData: '30554401020304e401860834ffff860960ffff' }
  const address = 'C7:31:30:30:55:44'
  const decode = (packet: Parameters<typeof advertisementOf>[0]) =>
    decodeGovee(advertisementOf(packet))?.model

  it('is recognised by its service and the bytes that all of them send', () => {
    expect(decode(newer)).toBe('H5182')
  })

  it('is recognised by its service and its address', () => {
    expect(decode({ ...bare, address })).toBe('H5182')
    expect(decode({ ...bare, address: address.toLowerCase() })).toBe('H5182')
  })

  it('is recognised by its service and its name', () => {
    expect(decode({ ...bare, localName: 'GVH5182_5544' })).toBe('H5182')
    expect(decode({ ...bare, localName: 'GVH5184_5544' })).toBeUndefined()
  })

  it('is recognised by its service alone where the address cannot be seen', () => {
    expect(decode({ ...bare, address: '4125DDBA-2774-4851-9889-6AADDD4CAC3D' })).toBe('H5182')
  })

  it('is not recognised by its service alone', () => {
    expect(decode(bare)).toBeUndefined()
  })

  it.each([[[]], [['ec88']], [['8151']], [['5182']], [['00008251-0000-1000-8000-00805f9b34fc']]])(
    'is not recognised by the services %j',
    (serviceUuids) => {
      expect(decode({ ...newer, address, serviceUuids })).toBeUndefined()
    },
  )

  it('is not recognised when a byte is missing or too many', () => {
    const { manufacturerData } = newer
    expect(decode({ ...newer, manufacturerData: manufacturerData.slice(0, -2) })).toBeUndefined()
    expect(decode({ ...newer, manufacturerData: `${manufacturerData}00` })).toBeUndefined()
  })

  it('is recognised even if its address makes the record look like one of another company', () => {
    const manufacturerData = '88ec4401000101e401860834ffff860960ffff'
    expect(decode({ ...newer, address: 'C7:31:30:88:EC:44', manufacturerData })).toBe('H5182')
  })
})

describe('the H5127', () => {
  const decode = (manufacturerData: string, localName?: string) =>
    decodeGovee(advertisementOf({ manufacturerData, ...(localName !== undefined && { localName }) }))

  it.each(['0388ec0001010111', '4388ec0001010111'])(
    'is recognised by its name with %s',
    (manufacturerData) => {
      const seen = { model: 'H5127', decimals: 0, occupancy: true, motion: true }
      expect(decode(manufacturerData, 'GVH51275E3F')).toEqual(seen)
    },
  )

  it.each([undefined, 'ihoment_H6182_1234', 'Govee_H6053_1234'])(
    'is not recognised under the name %s: lamps send such records too',
    (localName) => {
      expect(decode('4388ec0001010111', localName)).toBeUndefined()
    },
  )

  it.each(['0388ec0101010111', '0588ec0001010111', '0388ec000101011100'])('is not %s', (manufacturerData) => {
    expect(decode(manufacturerData, 'GVH51275E3F')).toBeUndefined()
  })
})

it('cuts a glued iBeacon off before it looks at the length', () => {
  const packet = (payload: string) => advertisementOf({ manufacturerData: payload + iBeacon })
  expect(decodeGovee(packet('88ec0003519e6400'))).toMatchObject({ temperature_c: 21.7 })
  expect(decodeGovee(packet(encrypted(2, 100, 2)))).toMatchObject({ window_open: true })
  expect(decodeGovee(packet('88ec0003519e64'))).toBeUndefined()
})

it('finds the reading behind other records', () => {
  const packet = advertisementOf({ manufacturerData: [iBeacon, '', '01000101033aed64', '88ec0003519e6400'] })
  expect(decodeGovee(packet)).toMatchObject({ temperature_c: 21.7 })
})

it('never throws, whatever the bytes and names', () => {
  const headers = fc.constantFrom('', '88ec', '88ef', '0100', '01000101', '0188ec00', '0388ec00', iBeacon)
  const records = fc.tuple(headers, fc.uint8Array({ maxLength: 40 }), fc.constantFrom('', iBeacon))
  const known = families.flatMap((family) => Object.keys('names' in family ? family.names : {}))
  const services = families.flatMap((family) => Object.keys('services' in family ? family.services : {}))
  const packets = fc.record({
    address: fc.constantFrom('a4:c1:38:11:22:33', '4125DDBA-2774-4851-9889-6AADDD4CAC3D', ''),
    localName: fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...known)),
    serviceUuids: fc.subarray(['ec88', ...services]),
    parts: fc.array(records),
  })
  fc.assert(
    fc.property(packets, ({ parts, ...rest }) => {
      const manufacturerData = parts.map(
        ([header, bytes, tail]) => header + Buffer.from(bytes).toString('hex') + tail,
      )
      const measurement = decodeGovee(advertisementOf({ ...rest, manufacturerData })) ?? {
        model: '',
        decimals: 1,
      }
      const { temperature_c = 0, humidity = 0, battery = 0 } = measurement
      expect(Math.abs(temperature_c) <= 327.68).toBe(true)
      expect(humidity >= 0 && humidity <= 100).toBe(true)
      expect(battery >= 0 && battery <= 100).toBe(true)
    }),
    { numRuns: 2000 },
  )
})
