import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Format } from '../../../src/ble/formats/format.js'
import { formats, readerOf } from '../../../src/ble/formats/formats.js'
import type { Measurement } from '../../../src/ble/measurement.js'
import { addressDigits, type Advertisement } from '../../../src/radio/advertisement.js'
import { advertisementOf } from '../advertisementOf.js'

interface Vector {
  readonly id: string
  readonly brand: string
  readonly address: string
  readonly localName?: string
  readonly serviceUuids?: string[]
  readonly serviceData?: { uuid: string; data: string }[]
  readonly manufacturerData?: string | string[]
  /** Every record's payload, by decimal company id. */
  readonly allManufacturerData?: Record<string, string>
  readonly bindkey?: string
  readonly expected: Record<string, unknown>
  readonly disputedFields?: string[]
}

const file = new URL('../../fixtures/brands.json', import.meta.url)

/** Advertisements of real devices from the formats' documents and other programs' tests, and what must come out of each. */
const vectors = JSON.parse(readFileSync(file, 'utf8')) as readonly Vector[]

const known = new Set(formats.map(({ brand }) => brand))

const { decode } = readerOf(formats)

function packetOf(vector: Vector): Advertisement {
  const {
    address,
    localName,
    serviceUuids = [],
    serviceData = [],
    allManufacturerData,
    manufacturerData = [],
  } = vector
  const records = allManufacturerData
    ? Object.entries(allManufacturerData).map(([id, payload]) =>
        Buffer.concat([Buffer.of(Number(id) & 0xff, Number(id) >> 8), Buffer.from(payload, 'hex')]),
      )
    : [manufacturerData].flat().map((hex) => Buffer.from(hex, 'hex'))
  return {
    address,
    ...(localName !== undefined && { localName }),
    serviceUuids,
    serviceData: serviceData.map(({ uuid, data }) => ({ uuid, data: Buffer.from(data, 'hex') })),
    manufacturerData: records,
  }
}

function decoded(vector: Vector): Measurement | undefined {
  const { address, bindkey } = vector
  const keys = new Map(bindkey === undefined ? [] : [[addressDigits(address), Buffer.from(bindkey, 'hex')]])
  return decode(packetOf(vector), keys)
}

/** What is about the radio or the packet, and what no reading is made of. */
const noReadings = new Set<string>([
  ...['brand', 'model', 'decimals', 'error', 'probe', 'ignored', 'encrypted', 'packet', 'counter', 'coarse'],
  ...['battery', 'voltage'],
])

const readingsIn = (measurement: Measurement | undefined): string[] =>
  Object.entries(measurement ?? {}).flatMap(([key, value]) =>
    noReadings.has(key) || value === undefined ? [] : [key],
  )

/** Whether what came out is what was expected: numbers nearly, null as good as absent. */
function differences(expected: unknown, got: unknown, path: string): string[] {
  if (expected === null)
    return got === undefined || got === null ? [] : [`${path}: expected nothing, got ${JSON.stringify(got)}`]
  if (typeof expected === 'number')
    return typeof got === 'number' && Math.abs(got - expected) <= 0.006
      ? []
      : [`${path}: expected ${expected}, got ${JSON.stringify(got)}`]
  if (typeof expected === 'object')
    return Object.entries(expected as Record<string, unknown>).flatMap(([key, value]) =>
      differences(value, (got as Record<string, unknown> | undefined)?.[key], `${path}.${key}`),
    )
  return expected === got ? [] : [`${path}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(got)}`]
}

describe('the public vectors', () => {
  const judged = vectors.filter(({ brand }) => known.has(brand) || brand === 'other' || brand === 'none')

  it.each(judged.map((vector) => [vector.brand, vector.id, vector] as const))(
    '%s: %s',
    (brand, _, vector) => {
      const { ignored, error, encrypted, ...values } = vector.expected
      const disputed = new Set(vector.disputedFields)
      const judgedValues = Object.fromEntries(
        Object.entries(values).filter(([field]) => !disputed.has(field)),
      )
      const got = decoded(vector)
      if (ignored || error) expect(readingsIn(got)).toEqual([])
      if (encrypted) expect(got).toMatchObject({ ignored: true, encrypted: true })
      expect(differences(judgedValues, got, 'measurement')).toEqual([])
      if (got && brand !== 'other' && brand !== 'none') expect(got.brand).toBe(brand)
    },
  )
})

it('looks at a name once, however often it is heard, and at no more than it may remember', () => {
  const looked: string[] = []
  const names = /^Acme/
  const acme: Format = {
    brand: 'Acme',
    names: Object.assign(names, {
      test: (name: string) => {
        looked.push(name)
        return name.startsWith('Acme')
      },
    }),
    decode: () => ({ brand: 'Acme', model: 'A1', co2: 500 }),
  }
  const reader = readerOf([acme])
  const said = (localName: string) => reader.decode(advertisementOf({ localName }))?.co2
  expect(['Acme', 'Watch', 'Acme', 'Watch'].map(said)).toEqual([500, undefined, 500, undefined])
  expect(looked).toEqual(['Acme', 'Watch'])
  for (let number = 0; number < 1500; number++) said(`Watch ${number}`)
  expect(said('Acme')).toBe(500)
  expect(looked.filter((name) => name === 'Acme')).toHaveLength(2)
})

describe('a packet that is cut short or changed', () => {
  it('never throws, whatever the bytes, and whatever is cut off', () => {
    const vector = fc.constantFrom(...vectors)
    const rubbish = fc.uint8Array({ maxLength: 60 })
    fc.assert(
      fc.property(vector, fc.nat(60), rubbish, fc.boolean(), (vector, length, bytes, isCut) => {
        const packet = packetOf(vector)
        const spoilt = (record: Uint8Array) =>
          isCut ? record.subarray(0, length) : Buffer.concat([record.subarray(0, length), bytes])
        const { bindkey = '00'.repeat(16), address } = vector
        decode(
          {
            ...packet,
            manufacturerData: packet.manufacturerData.map(spoilt),
            serviceData: packet.serviceData.map(({ uuid, data }) => ({ uuid, data: spoilt(data) })),
          },
          new Map([[addressDigits(address), Buffer.from(bindkey, 'hex')]]),
        )
      }),
      { numRuns: 5000 },
    )
  })
})
