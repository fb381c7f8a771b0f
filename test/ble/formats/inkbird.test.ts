import fc from 'fast-check'
import { expect, it } from 'vitest'
import { formats, readerOf } from '../../../src/ble/formats/formats.js'
import { advertisement } from '../../../src/testing/advertisement.js'
import { advertisementOf } from '../advertisementOf.js'
import { inSteps } from './inSteps.js'

const { decode } = readerOf(formats)

const named = (localName: string, manufacturerData: string) =>
  decode(advertisementOf({ localName, manufacturerData }))

it('says what an IBS-TH was told to say, over the whole range', () => {
  const values = {
    temperature: inSteps(-327.68, 327.67, 100),
    humidity: inSteps(0, 100, 100),
    battery: fc.nat(100),
  }
  fc.assert(
    fc.property(fc.record(values), ({ temperature, ...others }) => {
      expect(decode(advertisement({ brand: 'Inkbird', temperature, ...others }))).toEqual({
        brand: 'Inkbird',
        model: 'IBS-TH',
        temperature_c: temperature,
        ...others,
      })
    }),
  )
})

it('makes the packet of a real one, checksum and all', () => {
  const { manufacturerData } = advertisement({
    brand: 'Inkbird',
    temperature: 20.96,
    humidity: 46.23,
    battery: 87,
  })
  expect(manufacturerData.map((record) => Buffer.from(record).toString('hex'))).toEqual([
    '30080f12005ac75706',
  ])
})

it.each(['0000', 'ffff'])('reads a P01B, which says %s as its humidity', (humidity) => {
  const measurement = named('tps', `9ef8${humidity}00bcbc6406`)
  expect(measurement).toEqual({ brand: 'Inkbird', model: 'IBS-TH2', temperature_c: -18.9, battery: 100 })
})

it('takes no value from a packet that is corrupt', () => {
  expect(named('sps', '3008ffff005ac75706')).toEqual({ brand: 'Inkbird', model: 'IBS-TH', error: true })
})

it.each([
  ['FFFF', 'ffff'],
  ['FFF6', 'f6ff'],
])('knows a probe that is not plugged in by %s, and one that is below zero', (_, bytes) => {
  expect(named('iBBQ', `00000000aabbccddeeff${bytes}ceff`)).toEqual({
    brand: 'Inkbird',
    model: 'iBBQ-2',
    probes: { 1: {}, 2: { temperature_c: -5 } },
  })
})

it('reads probes by the length of the record alone: 1, 2, 4 or 6', () => {
  const counts = [0, 1, 2, 3, 4, 5, 6, 7].map((count) =>
    named('xBBQ', '00'.repeat(10) + '1801'.repeat(count)),
  )
  expect(counts.map((measurement) => measurement && Object.keys(measurement.probes ?? {}).length)).toEqual([
    undefined,
    1,
    2,
    undefined,
    4,
    undefined,
    6,
    undefined,
  ])
})

it.each(['Ink@IAM-T1', 'INT-11P-B', 'IDT-34c-B', 'Ink@IHT-2PB#c4b'])(
  'knows %s, which has to be asked',
  (name) => {
    expect(named(name, '4948325042363230306131333539633462')).toMatchObject({
      brand: 'Inkbird',
      ignored: true,
    })
  },
)
