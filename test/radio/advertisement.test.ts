import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { adStructures, parseAdvertisement } from '../../src/radio/advertisement.js'
import { contents } from './contents.js'

const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex')
const parse = (hex: string) => parseAdvertisement(bytes(hex))

interface Vector {
  readonly id: string
  readonly rawAdvertisement?: string
  readonly localName?: string
  readonly serviceUuids?: readonly string[]
  readonly manufacturerData?: string
  readonly note?: string
}
const vectors = JSON.parse(
  readFileSync(new URL('../fixtures/govee.json', import.meta.url), 'utf8'),
) as readonly Vector[]

describe('AD structures', () => {
  test.each(vectors.filter(({ rawAdvertisement }) => rawAdvertisement))(
    'are read from the capture $id',
    (vector) => {
      const { localName, serviceUuids, manufacturerData } = parse(vector.rawAdvertisement ?? '')
      expect(localName).toBe(vector.localName)
      // Some vectors were given the UUID that their capture lacks.
      const uuids = vector.note?.startsWith('UUID') ? [] : (vector.serviceUuids ?? [])
      expect([...serviceUuids].sort()).toEqual([...uuids].sort())
      expect(manufacturerData[0]?.toString()).toBe(
        vector.manufacturerData && bytes(vector.manufacturerData).toString(),
      )
    },
  )

  test('keep every manufacturer record, in order, empty ones too', () => {
    expect(parse('03ff0102 01ff 04ff4c0002').manufacturerData).toEqual([
      bytes('0102'),
      bytes(''),
      bytes('4c0002'),
    ])
  })

  test.each([
    ['the complete name rather than the shortened one before it', '0308 4142 0409 414243', 'ABC'],
    ['the complete name rather than the shortened one after it', '0409 414243 0308 4142', 'ABC'],
    ['the shortened name when there is no other', '0308 4142', 'AB'],
    ['no name when it is empty', '0109', undefined],
    ['a name that is not UTF-8, as well as can be', '0309 41ff', 'A\ufffd'],
  ])('give %s', (_, hex, name) => {
    expect(parse(hex).localName).toBe(name)
  })

  test('give UUIDs of all lengths in lower-case hex, those on the Bluetooth base shortened', () => {
    expect(parse('0503 88EC 0A18 0504 0100 0000 0505 88EC 3412').serviceUuids).toEqual([
      'ec88',
      '180a',
      '0001',
      '1234ec88',
    ])
    expect(parse('1107 fb349b5f80000080001000008 8ec0000'.replace(' ', '')).serviceUuids).toEqual(['ec88'])
    expect(parse('1106 000102030405060708090a0b0c0d0e0f').serviceUuids).toEqual([
      '0f0e0d0c0b0a09080706050403020100',
    ])
  })

  test('give service data of all three kinds, and none whose UUID is cut', () => {
    expect(parse('0516 d2fc 4000 0520 78563412 0216 d2').serviceData).toEqual([
      { uuid: 'fcd2', data: bytes('4000') },
      { uuid: '12345678', data: bytes('') },
    ])
    expect(parse('1221 fb349b5f800000800010000088ec0000 07').serviceData).toEqual([
      { uuid: 'ec88', data: bytes('07') },
    ])
  })

  test('end at a zero length', () => {
    expect(parse('0303 88ec 00 03ff 0102')).toMatchObject({ serviceUuids: ['ec88'], manufacturerData: [] })
  })

  test('leave out a structure that is cut off: half a reading must not pass for a whole', () => {
    expect(parse('0303 88ec 09ff 88ec0003519e64')).toMatchObject({
      serviceUuids: ['ec88'],
      manufacturerData: [],
    })
    expect(parse('0303 88ec 0d09 475648').localName).toBeUndefined()
  })

  test('never throw, and never hold a byte that is not in the packet', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (data) => {
        const { manufacturerData, serviceData } = parseAdvertisement(data)
        const total = [...manufacturerData, ...serviceData.map((entry) => entry.data)].reduce(
          (sum, part) => sum + part.length,
          0,
        )
        expect(total).toBeLessThanOrEqual(data.length)
      }),
      { numRuns: 1000 },
    )
  })

  test('come apart as they were put together', () => {
    const structure = fc.record({
      type: fc.integer({ min: 0, max: 255 }),
      value: fc.uint8Array({ maxLength: 40 }),
    })
    fc.assert(
      fc.property(fc.array(structure), (structures) => {
        const data = Buffer.concat(
          structures.map(({ type, value }) => Buffer.from([value.length + 1, type, ...value])),
        )
        const records = structures.filter(({ type }) => type === 0xff).map(({ value }) => Buffer.from(value))
        expect(parseAdvertisement(data).manufacturerData).toEqual(records)
      }),
    )
  })
})

describe('AD structures, put together,', () => {
  test('are the opposite of taking them apart', () => {
    fc.assert(
      fc.property(contents, (said) => {
        expect(parseAdvertisement(adStructures(said))).toEqual(said)
      }),
    )
  })

  test('have room for UUIDs of every length, and leave out what is too long', () => {
    const said = {
      serviceUuids: ['ec88', '0a0b0c0d', '494e54454c4c495f524f434b535f4857'],
      manufacturerData: [new Uint8Array(300)],
      serviceData: [{ uuid: '494e54454c4c495f524f434b535f4857', data: Buffer.of(1) }],
    }
    expect(parseAdvertisement(adStructures(said))).toEqual({ ...said, manufacturerData: [] })
  })
})
