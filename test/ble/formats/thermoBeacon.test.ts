import fc from 'fast-check'
import { expect, it } from 'vitest'
import { formats, readerOf } from '../../../src/ble/formats/formats.js'
import { advertisement } from '../../../src/testing/advertisement.js'
import { advertisementOf } from '../advertisementOf.js'
import { inSteps } from './inSteps.js'

const { decode } = readerOf(formats)

it('says what it was told to say, over the whole range', () => {
  const values = {
    temperature: inSteps(-2048, 100, 16),
    humidity: inSteps(0, 100, 16),
    voltage: inSteps(3, 65.535, 1000),
  }
  fc.assert(
    fc.property(fc.record(values), ({ temperature, ...others }) => {
      expect(decode(advertisement({ brand: 'ThermoBeacon', temperature, ...others }))).toEqual({
        brand: 'ThermoBeacon',
        model: 'ThermoBeacon',
        temperature_c: temperature,
        battery: 100,
        ...others,
      })
    }),
  )
})

it.each([
  [2.999, 100],
  [2.6, 60],
  [2.599, 60],
  [2.5, 40],
  [2.499, 40],
  [2.45, 20],
  [2.449, 0],
])('makes of %f V a battery of %i %%', (voltage, battery) => {
  const packet = advertisement({ brand: 'ThermoBeacon', temperature: 20, humidity: 50, voltage })
  expect(decode(packet)).toMatchObject({ battery })
})

it('takes an id that is nobody’s for its own only with its service', () => {
  const { manufacturerData } = advertisement({ brand: 'ThermoBeacon', temperature: 20, humidity: 50 })
  expect(decode({ ...advertisementOf({}), manufacturerData })).toBeUndefined()
})

it('takes no value from a packet that is corrupt, nor from one about the past', () => {
  const serviceUuids = ['fff0']
  const corrupt = { serviceUuids, manufacturerData: '100000009c0d0000fe44450cc501410617000000' }
  expect(decode(advertisementOf(corrupt))).toEqual({
    brand: 'ThermoBeacon',
    model: 'ThermoBeacon',
    error: true,
  })
  const past = { serviceUuids, manufacturerData: '10000000fe0d00000663db01779f010082011cd30000' }
  expect(decode(advertisementOf(past))).toMatchObject({ ignored: true })
})
