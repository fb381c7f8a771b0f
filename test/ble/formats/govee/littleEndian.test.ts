import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeGovee } from '../../../../src/ble/formats/govee/families.js'
import { advertisementOf } from '../../advertisementOf.js'

function values(temperature: number, humidity: number, battery: number): string {
  const bytes = Buffer.alloc(5)
  bytes.writeInt16LE(temperature)
  bytes.writeUInt16LE(humidity, 2)
  bytes.writeUInt8(battery, 4)
  return bytes.toString('hex')
}

describe.each([
  ['H5074', (...room: Parameters<typeof values>) => `88ec00${values(...room)}02`],
  ['H5051', (...room: Parameters<typeof values>) => `88ec00${values(...room)}020101`],
  ['H5179', (...room: Parameters<typeof values>) => `0188ec000101${values(...room)}`],
])('the little-endian layout of the %s', (model, packet) => {
  const decode = (...room: Parameters<typeof values>) =>
    decodeGovee(advertisementOf({ manufacturerData: packet(...room) }))

  it('gives back every temperature, humidity and battery charge exactly', () => {
    const temperatures = fc.integer({ min: -4000, max: 10_000 }).filter((hundredths) => hundredths !== -1)
    const humidities = fc.integer({ min: 1, max: 10_000 })
    const charges = fc.integer({ min: 0, max: 100 })
    fc.assert(
      fc.property(temperatures, humidities, charges, (temperature, humidity, battery) => {
        expect(decode(temperature, humidity, battery)).toEqual({
          model,
          decimals: 2,
          temperature_c: temperature / 100,
          humidity: humidity / 100,
          battery,
        })
      }),
      { numRuns: 1000 },
    )
  })

  it.each([
    ['all ones stand for the temperature', -1, 4796],
    ['all ones stand for the humidity', 2534, 0xffff],
    ['the humidity is above 100 %', 2534, 10_001],
    ['it is hotter than 100 °C', 10_001, 4796],
    ['it is colder than -40 °C', -4001, 4796],
  ])('has no valid values when %s', (_, temperature, humidity) => {
    expect(decode(temperature, humidity, 100)).toEqual({ model, decimals: 2, error: true })
  })

  it('has no valid values when everything is zero, as it is at the start', () => {
    expect(decode(0, 0, 0)).toEqual({ model, decimals: 2, error: true })
    expect(decode(0, 4796, 0)).toMatchObject({ temperature_c: 0, humidity: 47.96, battery: 0 })
  })
})
