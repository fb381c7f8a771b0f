import fc from 'fast-check'
import { expect, it } from 'vitest'
import { formats, readerOf } from '../../../src/ble/formats/formats.js'
import { addressDigits } from '../../../src/radio/advertisement.js'
import { advertisement } from '../../../src/testing/advertisement.js'
import { advertisementOf } from '../advertisementOf.js'

const { decode } = readerOf(formats)

const inSteps = (from: number, to: number, perUnit: number) =>
  fc.integer({ min: from, max: to }).map((count) => count / perUnit || 0)

const said = (hex: string, uuid = 'fdcd') =>
  decode(advertisementOf({ serviceData: [{ uuid, data: Buffer.from(hex.replaceAll(' ', ''), 'hex') }] }))

const head = (type: string) => `88${type}332211 38c1a4`

it('says what it was told to say, over the whole range', () => {
  const values = {
    temperature: inSteps(-0x8000, 0x7fff, 10),
    humidity: inSteps(0, 1000, 10),
    battery: fc.nat(100),
    window_open: fc.boolean(),
    pressure_hpa: inSteps(0, 0xffff, 10),
    motion: fc.boolean(),
    illuminance_lx: fc.nat(0xffffff),
    light: fc.boolean(),
    pm25: fc.nat(0xffff),
    pm10: fc.nat(0xffff),
    co2: fc.nat(0xffff),
    packet: fc.nat(0xff),
  }
  fc.assert(
    fc.property(fc.record(values), ({ temperature, ...others }) => {
      expect(decode(advertisement({ brand: 'Qingping', temperature, ...others }))).toEqual({
        brand: 'Qingping',
        model: 'CGG1',
        temperature_c: temperature,
        ...others,
      })
    }),
  )
})

it('reads a battery of which other bits are set, too: it never has more than 100 %', () => {
  expect(said(`${head('0c')} 0201 aa`)).toEqual({ brand: 'Qingping', model: 'CGD1', battery: 42 })
  expect(said(`${head('5d')} 0201 ff`)).toMatchObject({ battery: 100 })
})

it('reads a door that was left open, and takes nothing for a door but that', () => {
  expect(said(`${head('04')} 0401 02`)).toMatchObject({ model: 'CGH1', window_open: true })
  expect(said(`${head('04')} 0401 01`)).toMatchObject({ window_open: false })
  expect(said(`${head('04')} 0f01 00 1101 01`)).toEqual({
    ...{ brand: 'Qingping', model: 'CGH1', packet: 0, light: true },
  })
})

it('reads light that is too bright for three bytes', () => {
  expect(said(`${head('12')} 0904 00000001`)).toMatchObject({ illuminance_lx: 0x1000000 })
})

it('reads types that are not known, leaves out objects that are not, and keeps what stands before one that is cut off', () => {
  expect(said(`${head('7e')} 1802 2201 0104 d800bb01 1302 22`)).toEqual({
    ...{ brand: 'Qingping', model: 'Qingping 7E', temperature_c: 21.6, humidity: 44.3 },
  })
  expect(said(`${head('01')} 0f01 07`)).toEqual({
    ...{ brand: 'Qingping', model: 'CGG1', ignored: true, packet: 7 },
  })
  expect(said('8801332211')).toBeUndefined()
})

it('reads the older service, which security keys use, too, of types that are known', () => {
  expect(said(`${head('01')} 0104 d800bb01`, 'fff9')).toMatchObject({ temperature_c: 21.6 })
  expect(said(`${head('7e')} 0104 d800bb01`, 'fff9')).toBeUndefined()
})

it('is the same brand when it says the same by MiBeacon, also encrypted', () => {
  const key = '4d8f1373fb4d3bab557d0ebd1c78f8c4'
  const name = 'Qingping Temp & RH Lite'
  const packet = advertisement({ brand: 'Xiaomi', model: 'CGDK2', name, temperature: 21.6, key })
  const keys = new Map([[addressDigits(packet.address), Buffer.from(key, 'hex')]])
  const device = { brand: 'Qingping', model: 'CGDK2' }
  expect(decode(packet, keys)).toEqual({ ...device, temperature_c: 21.6, counter: 1 })
  expect(decode(packet)).toEqual({ ...device, ignored: true, encrypted: true })
})
