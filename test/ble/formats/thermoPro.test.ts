import fc from 'fast-check'
import { expect, it } from 'vitest'
import { formats, readerOf } from '../../../src/ble/formats/formats.js'
import { advertisement } from '../../../src/testing/advertisement.js'
import { advertisementOf } from '../advertisementOf.js'
import { inSteps } from './inSteps.js'

const { decode } = readerOf(formats)

const named = (localName: string, manufacturerData: string) =>
  decode(advertisementOf({ localName, manufacturerData }))

it('says what a TP357S was told to say, over the whole range', () => {
  const values = {
    temperature: inSteps(-3276.8, 3276.7, 10),
    humidity: fc.nat(100),
    battery: fc.constantFrom(1, 50, 100),
  }
  fc.assert(
    fc.property(fc.record(values), ({ temperature, ...others }) => {
      expect(decode(advertisement({ brand: 'ThermoPro', temperature, ...others }))).toEqual({
        brand: 'ThermoPro',
        model: 'TP357S',
        temperature_c: temperature,
        ...others,
      })
    }),
  )
})

it('takes no value from a TP35x that has none, and no battery that is not known', () => {
  expect(named('TP357 (2142)', 'c2ffffff022c')).toEqual({ brand: 'ThermoPro', model: 'TP357', error: true })
  expect(named('TP357 (2142)', 'c2f90010032c')).not.toHaveProperty('battery', expect.anything())
})

it('reads the second probe, with the address of the base behind its values', () => {
  expect(named('TP972S', '013300480a3300ffeeddccbbaa')).toEqual({
    brand: 'ThermoPro',
    model: 'TP972S',
    probes: { 2: { temperature_c: 21, ambient_c: 21 } },
    battery: 87,
  })
})

it('leaves out what is no number', () => {
  const values = named('TP972', `008d00a60a0000c07f9a6900430000807f54737744f8aa`)
  expect(values?.probes).toEqual({ 1: { center_c: 23.6, ambient_c: 30 } })
})

it.each(['TP25', 'TP4000', 'xTP357', 'tp357'])('says nothing of a %s', (name) => {
  expect(named(name, 'c2f90010022c')).toBeUndefined()
})
