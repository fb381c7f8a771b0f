import fc from 'fast-check'
import { expect, it } from 'vitest'
import { formats, readerOf } from '../../../src/ble/formats/formats.js'
import { advertisement } from '../../../src/testing/advertisement.js'
import { advertisementOf } from '../advertisementOf.js'
import { inSteps } from './inSteps.js'

const { decode } = readerOf(formats)

it.each([
  ['SCD4x', 'CO2 Gadget', fc.nat(65_535)],
  ['SHT4x', 'Humidity Gadget', fc.constant(undefined)],
])('says what an %s was told to say, over the whole range', (_, model, co2) => {
  const values = { temperature: inSteps(-45, 130, 100), humidity: inSteps(0, 100, 100), co2 }
  fc.assert(
    fc.property(fc.record(values), ({ temperature, ...others }) => {
      expect(decode(advertisement({ brand: 'Sensirion', temperature, ...others }))).toEqual({
        brand: 'Sensirion',
        model,
        temperature_c: temperature,
        ...others,
      })
    }),
  )
})

it('reads what stands before rubbish, and cuts a humidity that is beyond the ends', () => {
  const wet = advertisementOf({ manufacturerData: 'd5060006e2e7036affff0d0953485434' })
  expect(decode(wet)).toMatchObject({ temperature_c: 27.47, humidity: 100 })
  const dry = advertisementOf({ manufacturerData: 'd5060006e2e7036a0000' })
  expect(decode(dry)).toMatchObject({ humidity: 0 })
})

it.each([
  ['that is no sample', 'd5060108673553679 25c0b04'],
  ['whose CO2 is cut', 'd506000867355367925c0b'],
])('says nothing of a record %s', (_, record) => {
  expect(decode(advertisementOf({ manufacturerData: record.replace(' ', '') }))).toBeUndefined()
})
