import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeGovee } from '../../../../src/ble/formats/govee/families.js'
import { advertisementOf } from '../../advertisementOf.js'

const hex = (value: number, bytes: number) => value.toString(16).padStart(bytes * 2, '0')

/** Sign and magnitude, in 3 bytes. */
const packed24 = (temperatureTenths: number, humidityTenths: number) =>
  hex(Math.abs(temperatureTenths) * 1000 + humidityTenths + (temperatureTenths < 0 ? 0x800000 : 0), 3)

const decode = (localName: string, manufacturerData: string) =>
  decodeGovee(advertisementOf({ localName, manufacturerData }))

const temperatures = fc.integer({ min: -400, max: 1000 })
const humidities = fc.integer({ min: 0, max: 999 })
const charges = fc.integer({ min: 0, max: 100 })

/** How each family sends a room at 1/10 °C and percent, with a battery byte where there is one. */
const families = [
  ['H5075', 'GVH5075_2233', (t: number, h: number, b: number) => `88ec00${packed24(t, h)}${hex(b, 1)}00`],
  ['H5105', 'GVH5105_2233', (t: number, h: number, b: number) => `01000101${packed24(t, h)}${hex(b, 1)}`],
  ['H5178', 'B51782233', (t: number, h: number, b: number) => `0100010100${packed24(t, h)}${hex(b, 1)}0003`],
] as const

describe.each(families)('the packed layout of the %s', (model, name, packet) => {
  it('gives back every temperature, humidity and battery charge exactly', () => {
    fc.assert(
      fc.property(temperatures, humidities, charges, (temperature, humidity, battery) => {
        expect(decode(name, packet(temperature, humidity, battery))).toEqual({
          model,
          decimals: 1,
          temperature_c: temperature / 10,
          humidity: humidity / 10,
          battery,
        })
      }),
      { numRuns: 1000 },
    )
  })

  it('reads a sign without a magnitude as 0, not as -0', () => {
    const record = packet(0, 481, 100).replace(packed24(0, 481), '8001e1')
    expect(decode(name, record)?.temperature_c).toBe(0)
  })

  it.each([
    ['bit 7 of the battery byte is set', packet(217, 502, 0xe4)],
    ['it is hotter than 100 °C', packet(1001, 502, 100)],
    ['it is colder than -40 °C', packet(-401, 502, 100)],
    ['all bits of the climate are set', packet(-8388, 607, 100)],
  ])('has no valid values when %s', (_, record) => {
    expect(decode(name, record)).toEqual({ model, decimals: 1, battery: 100, error: true })
  })

  it('has no battery charge when it says more than 100 %', () => {
    const measurement = { model, decimals: 1, temperature_c: 21.7, humidity: 50.2 }
    expect(decode(name, packet(217, 502, 0x7f))).toEqual(measurement)
  })
})

describe.each(['H5108', 'H5111'])('the %s', (model) => {
  const name = `${model.replace('H', 'GV')}2233`

  it('has no humidity, whatever it sends in its place', () => {
    const record = `01000101${packed24(-185, 600)}640000`
    expect(decode(name, record)).toEqual({ model, decimals: 1, temperature_c: -18.5, battery: 100 })
  })

  it('has no valid values when it says so', () => {
    const record = `01000101${packed24(-185, 600)}e40000`
    expect(decode(name, record)).toEqual({ model, decimals: 1, battery: 100, error: true })
  })
})

describe('the H5112', () => {
  const decodeProbe = (temperature: number, power: string, index: string) =>
    decode('GV51122233', `01000101${packed24(temperature, 168)}${power}00${index}`)

  it('measures humidity at its first probe only', () => {
    const known = { model: 'H5112', decimals: 1, battery: 100 }
    expect(decodeProbe(49, '64', '41')).toEqual({
      ...known,
      probes: { 1: { temperature_c: 4.9, humidity: 16.8 } },
    })
    expect(decodeProbe(-185, '64', '82')).toEqual({ ...known, probes: { 2: { temperature_c: -18.5 } } })
  })

  it('says which probe has no valid values', () => {
    const error = { model: 'H5112', decimals: 1, battery: 100, error: true }
    expect(decodeProbe(49, 'e4', '82')).toEqual({ ...error, probe: 2 })
  })

  it.each(['00', '42', '81', 'c3'])('is not read under the index %s', (index) => {
    expect(decodeProbe(49, '64', index)).toBeUndefined()
  })
})

describe('the H5178', () => {
  it('names the part that speaks, unless it is the display', () => {
    expect(decode('B51782233', `0100010101${packed24(-73, 481)}640003`)).toEqual({
      model: 'H5178',
      decimals: 1,
      temperature_c: -7.3,
      humidity: 48.1,
      battery: 100,
      sensor: 'remote',
    })
    expect(decode('B51782233', `0100010102${packed24(-73, 481)}640003`)).toBeUndefined()
  })
})

describe('the H5140', () => {
  const decodeAir = (temperature: number, co2: number, flag = '00') =>
    decode('GV51402233', `01000101${packed24(temperature, 462)}${hex(co2, 2)}${flag}`)

  it('gives back every temperature and CO2 concentration exactly', () => {
    fc.assert(
      fc.property(temperatures, fc.integer({ min: 0, max: 0xffff }), (temperature, co2) => {
        const climate = { temperature_c: temperature / 10, humidity: 46.2 }
        expect(decodeAir(temperature, co2)).toEqual({ model: 'H5140', decimals: 1, ...climate, co2 })
      }),
    )
  })

  it.each([
    ['it says so', decodeAir(212, 574, '01')],
    ['it is hotter than 100 °C', decodeAir(1001, 574)],
  ])('has no valid values when %s', (_, measurement) => {
    expect(measurement).toEqual({ model: 'H5140', decimals: 1, error: true })
  })
})

describe('the H5106', () => {
  const decodeDust = (temperature: number, humidity: number, dust: number) => {
    const magnitude = Math.abs(temperature) * 1_000_000 + humidity * 1000 + dust
    return decode('GVH5106_2233', `01000101${hex(magnitude + (temperature < 0 ? 0x80000000 : 0), 4)}`)
  }

  it('gives back every temperature, humidity and dust concentration exactly', () => {
    fc.assert(
      fc.property(
        temperatures,
        humidities,
        fc.integer({ min: 0, max: 999 }),
        (temperature, humidity, pm25) => {
          const climate = { temperature_c: temperature / 10, humidity: humidity / 10 }
          expect(decodeDust(temperature, humidity, pm25)).toEqual({
            model: 'H5106',
            decimals: 1,
            ...climate,
            pm25,
          })
        },
      ),
    )
  })

  it.each([1001, -401, 2146])('has no valid values at %d tenths of a degree', (temperature) => {
    expect(decodeDust(temperature, 500, 3)).toEqual({ model: 'H5106', decimals: 1, error: true })
  })
})
