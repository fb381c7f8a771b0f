import fc from 'fast-check'
import { expect, it } from 'vitest'
import { formats, readerOf } from '../../../src/ble/formats/formats.js'
import { advertisement } from '../../../src/testing/advertisement.js'
import { advertisementOf } from '../advertisementOf.js'
import { inSteps } from './inSteps.js'

const { decode } = readerOf(formats)

it('says what a RuuviTag was told to say, over the whole range', () => {
  const values = {
    temperature: inSteps(-163, 163, 200),
    humidity: inSteps(0, 163, 400),
    pressure_hpa: inSteps(500, 1155, 100),
    voltage: inSteps(1.6, 3.646, 1000),
    movement_counter: fc.nat(254),
    packet: fc.nat(65_534),
    acceleration_x_mg: fc.integer({ min: -32_767, max: 32_767 }),
    acceleration_y_mg: fc.integer({ min: -32_767, max: 32_767 }),
    acceleration_z_mg: fc.integer({ min: -32_767, max: 32_767 }),
  }
  fc.assert(
    fc.property(fc.record(values), ({ temperature, ...others }) => {
      expect(decode(advertisement({ brand: 'Ruuvi', temperature, ...others }))).toEqual({
        brand: 'Ruuvi',
        model: 'RuuviTag',
        temperature_c: temperature,
        ...others,
      })
    }),
  )
})

it('leaves out what the tag does not say', () => {
  expect(decode(advertisement({ brand: 'Ruuvi' }))).toEqual({ brand: 'Ruuvi', model: 'RuuviTag', packet: 1 })
})

it('reads the oldest format: a temperature below zero is sign and magnitude', () => {
  const packet = advertisementOf({ manufacturerData: '990403298a30ce1efc1803e800420be5' })
  expect(decode(packet)).toMatchObject({ temperature_c: -10.48, humidity: 20.5, voltage: 3.045 })
})
