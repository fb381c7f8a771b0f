import fc from 'fast-check'
import { expect, it } from 'vitest'
import { formats, readerOf } from '../../../src/ble/formats/formats.js'
import { advertisement } from '../../../src/testing/advertisement.js'
import { advertisementOf } from '../advertisementOf.js'
import { inSteps } from './inSteps.js'

const { decode } = readerOf(formats)

const named = (localName: string | undefined, payload: string) =>
  decode(
    advertisementOf({
      ...(localName !== undefined && { localName }),
      manufacturerData: `0207${payload.replaceAll(' ', '')}`,
    }),
  )

it('says what an Aranet4 was told to say, over the whole range', () => {
  const values = {
    temperature: inSteps(0, 819.15, 20),
    humidity: fc.nat(100),
    pressure_hpa: inSteps(0, 3276.7, 10),
    co2: fc.nat(32_767),
    battery: fc.nat(100),
  }
  fc.assert(
    fc.property(fc.record(values), ({ temperature, ...others }) => {
      expect(decode(advertisement({ brand: 'Aranet', temperature, ...others }))).toEqual({
        brand: 'Aranet',
        model: 'Aranet4',
        temperature_c: temperature,
        ...others,
      })
    }),
  )
})

it('leaves out what an Aranet4 has not measured', () => {
  expect(decode(advertisement({ brand: 'Aranet', humidity: 17 }))).toEqual({
    brand: 'Aranet',
    model: 'Aranet4',
    humidity: 17,
    battery: 100,
  })
})

it('keeps twentieths of a degree, and knows an Aranet4 without its name', () => {
  const payload = '210e0401000c0f014c039f01601f1162012c01b10036'
  expect(named(undefined, payload)).toMatchObject({ model: 'Aranet4', temperature_c: 20.75 })
})

const aranet2 = '01 21040301 000000 0000 c201 0000 3a02 00 5b 00 3c00 1e00 01'

it('reads an Aranet2, which has no pressure', () => {
  const expected = { brand: 'Aranet', model: 'Aranet2', temperature_c: 22.5, humidity: 57, battery: 91 }
  expect(named('Aranet2 278F8', aranet2)).toEqual(expected)
  expect(named(undefined, aranet2)).toEqual(expected)
})

it('reads radon with its climate', () => {
  expect(named('AranetRn+ 298C9', '03 21040301 000000 0700 c201 9427 3a02 00 5b 01 5802 1e00 01')).toEqual({
    brand: 'Aranet',
    model: 'Aranet Radon',
    radon_bqm3: 7,
    temperature_c: 22.5,
    pressure_hpa: 1013.2,
    humidity: 57,
    battery: 91,
  })
})

it('reads radon alone where zeros are in the place of a climate, and none where there is none yet', () => {
  expect(named('AranetRn1 298C9', '03 21040301 000000 0700 0000 0000 0000 00 5b 01 5802 1e00 01')).toEqual({
    brand: 'Aranet',
    model: 'Aranet Radon',
    radon_bqm3: 7,
    battery: 91,
  })
  const none = named('AranetRn+ 298C9', '03 21040301 000000 011f c201 9427 3a02 00 5b 01 5802 1e00 01')
  expect(none?.radon_bqm3).toBeUndefined()
})

it.each([
  ['Aranet4 12345', '01000201000000'],
  ['Aranet2 278F8', aranet2.replace('01 21', '01 01')],
])('says of %s without integrations that it is one', (name, payload) => {
  expect(named(name, payload)).toEqual({ brand: 'Aranet', model: name.slice(0, 7), ignored: true })
})
