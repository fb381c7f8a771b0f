import fc from 'fast-check'
import { expect, it } from 'vitest'
import { formats, readerOf } from '../../../src/ble/formats/formats.js'
import { advertisement } from '../../../src/testing/advertisement.js'
import { advertisementOf } from '../advertisementOf.js'
import { inSteps } from './inSteps.js'

const { decode } = readerOf(formats)

const beacon = (uuid: string, major: number, minor: number) => {
  const numbers = [major, minor].map((number) => number.toString(16).padStart(4, '0'))
  return decode(advertisementOf({ manufacturerData: `4c000215${uuid}${numbers.join('')}c5` }))
}

const uuidOf = (colour: number) => `a495bb${colour}0c5b14b44b5121370f02d74de`

it('says what a Tilt Pro was told to say, over the whole range', () => {
  const values = {
    // 37.7 °C is 99.9 °F: 999 announces a version.
    temperature: inSteps(-17.7, 3600, 10).filter((value) => value !== 37.7),
    specific_gravity: inSteps(0.5, 6.5535, 10_000),
  }
  fc.assert(
    fc.property(fc.record(values), ({ temperature, ...others }) => {
      expect(decode(advertisement({ brand: 'Tilt', temperature, ...others }))).toEqual({
        brand: 'Tilt',
        model: 'Tilt Pro Black',
        temperature_c: temperature,
        ...others,
      })
    }),
  )
})

it.each([
  [1, 'Tilt Red'],
  [8, 'Tilt Pink'],
])('knows colour %i and reads whole degrees', (colour, model) => {
  expect(beacon(uuidOf(colour), 67, 1050)).toEqual({
    brand: 'Tilt',
    model,
    temperature_c: 19.4,
    specific_gravity: 1.05,
  })
})

it('has no reading in the announcement of a version', () => {
  expect(beacon(uuidOf(1), 999, 1006)).toEqual({ brand: 'Tilt', model: 'Tilt Red', ignored: true })
})

it('says nothing of any other iBeacon', () => {
  expect(beacon(uuidOf(0), 67, 1050)).toBeUndefined()
  expect(beacon(uuidOf(9), 67, 1050)).toBeUndefined()
  expect(beacon(uuidOf(1).replace('0c5b1', '1c5b1'), 67, 1050)).toBeUndefined()
  expect(beacon(uuidOf(1).replace('74de', '74df'), 67, 1050)).toBeUndefined()
})
