import fc from 'fast-check'
import { expect, it } from 'vitest'
import { formats, readerOf } from '../../../src/ble/formats/formats.js'
import { mopekaIn } from '../../../src/ble/formats/mopeka.js'
import { advertisement } from '../../../src/testing/advertisement.js'
import { advertisementOf } from '../advertisementOf.js'
import { inSteps } from './inSteps.js'

const { decode } = readerOf(formats)

it('says what it was told to say, over the whole range', () => {
  const values = fc.integer({ min: -40, max: 87 }).chain((temperature) =>
    fc.record({
      temperature: fc.constant(temperature),
      voltage: inSteps(2.85, 255 / 32, 32),
      quality: fc.integer({ min: 1, max: 3 }),
      // At 87 °C 16383 steps are least.
      level_mm: fc.nat(2000),
    }),
  )
  fc.assert(
    fc.property(values, ({ temperature, ...others }) => {
      expect(decode(advertisement({ brand: 'Mopeka', temperature, ...others }))).toEqual({
        brand: 'Mopeka',
        model: 'M1017',
        temperature_c: temperature,
        battery: 100,
        ...others,
      })
    }),
  )
})

it('says no level that it is not sure of', () => {
  const packet = advertisement({ brand: 'Mopeka', temperature: 25, quality: 0, level_mm: 300, voltage: 2.5 })
  expect(decode(packet)).toEqual({
    brand: 'Mopeka',
    model: 'M1017',
    temperature_c: 25,
    quality: 0,
    voltage: 2.5,
    battery: 46,
  })
})

it.each([
  ['propane', 623],
  ['water', 1267],
  ['air', 294],
  ['fuel', 1049],
] as const)('knows the level of %s', (medium, level_mm) => {
  const format = mopekaIn(new Map([['a4c138112233', medium]]))
  const packet = { serviceUuids: ['fee5'], manufacturerData: '5900035bc1a4c650a8cc801b' }
  expect(format.decode(advertisementOf(packet))).toMatchObject({ level_mm })
  expect(format.decode(advertisementOf({ ...packet, address: 'a4:c1:38:11:22:44' }))).toMatchObject({
    level_mm: 623,
  })
})

it('reads the temperature below the bit of its button', () => {
  const packet = { serviceUuids: ['fee5'], manufacturerData: '5900035bc1a4c650a8cc801b' }
  expect(decode(advertisementOf(packet))).toMatchObject({ temperature_c: 25, level_mm: 623 })
})

it.each([
  ['without its service', { manufacturerData: '5900035b41a4c650a8cc801b' }],
  ['of another length', { serviceUuids: ['fee5'], manufacturerData: '5900035b41a4c650a8cc801b00' }],
  ['of another model', { serviceUuids: ['fee5'], manufacturerData: '5900075b41a4c650a8cc801b' }],
])('says nothing of a record %s', (_, packet) => {
  expect(decode(advertisementOf(packet))).toBeUndefined()
})
