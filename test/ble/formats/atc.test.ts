import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { atc } from '../../../src/ble/formats/atc.js'
import { deviceReports } from '../../../src/ble/reports.js'
import { advertisement, type BrandAdvertisementOptions } from '../../../src/testing/advertisement.js'
import { encryptCcm } from '../../../src/testing/encoders/ccm.js'
import { advertisementOf } from '../advertisementOf.js'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')

const key = 'b9ea895fac7eea6d30532432a516f3a3'

const address = 'A4:C1:38:8D:18:B2'

const packetOf = (data: string) =>
  advertisementOf({ address, serviceData: [{ uuid: '181a', data: hex(data) }] })

const device = { brand: 'ATC', model: 'ATC' }

const locked = { ...device, ignored: true, encrypted: true }

// The test of another program, whose radio recorded it.
const secret = '11 d603fbfa7b6d fb1e26fd'

describe('the layout of pvvx', () => {
  it('is little-endian and resolves hundredths; the address in it does not count', () => {
    expect(atc.decode(packetOf('010203040506 d8ff 9011 f70a 43 20 0f'))).toEqual({
      ...device,
      ...{ temperature_c: -0.4, humidity: 44.96, voltage: 2.807, battery: 67, packet: 32, coarse: false },
    })
  })

  it('is read when it is encrypted', () => {
    expect(atc.decode(packetOf(secret), hex(key))).toEqual({
      ...device,
      ...{ temperature_c: 23.45, humidity: 41.73, battery: 61 },
      ...{ counter: 17, counterSize: 256, coarse: false },
    })
  })
})

describe('the layout of atc1441', () => {
  it('is big-endian and resolves tenths', () => {
    expect(atc.decode(packetOf('a4c1388d18b2 ffd8 2f 5f 0bf8 19'))).toEqual({
      ...device,
      ...{ temperature_c: -4, humidity: 47, voltage: 3.064, battery: 95, packet: 25, coarse: true },
    })
  })

  it('resolves halves when it is encrypted', () => {
    const nonce = hex('b2188d38c1a4 0b 161a18 07')
    const { cipher, tag } = encryptCcm(hex(key), {
      nonce,
      aad: Buffer.of(0x11),
      plain: Buffer.of(79, 91, 0xbd),
    })
    const data = Buffer.concat([Buffer.of(7), cipher, tag])
    const packet = { ...packetOf(''), serviceData: [{ uuid: '181a', data }] }
    expect(atc.decode(packet, hex(key))).toEqual({
      ...device,
      ...{ temperature_c: -0.5, humidity: 45.5, battery: 61, counter: 7, counterSize: 256, coarse: true },
    })
    expect(atc.decode(packet)).toEqual(locked)
  })
})

it('says that it is encrypted without its key, with another, and where the address is not its own', () => {
  expect(atc.decode(packetOf(secret))).toEqual(locked)
  expect(atc.decode(packetOf(secret), hex('00'.repeat(16)))).toEqual(locked)
  const elsewhere = { ...packetOf(secret), address: '12345678-1234-1234-1234-123456789abc' }
  expect(atc.decode(elsewhere, hex(key))).toEqual(locked)
})

it('takes nothing plain from a device with a key', () => {
  const plain = packetOf('b2188d38c1a4 2b08 9011 f70a 43 20 0f')
  expect(atc.decode(plain, hex(key))).toEqual({ ...device, ignored: true })
})

it('knows no other length, as those of b-parasite', () => {
  for (const length of [0, 1, 5, 7, 9, 10, 12, 14, 16, 18, 27])
    expect(atc.decode(packetOf('00'.repeat(length)), hex(key))).toBeUndefined()
})

describe('what reports say', () => {
  const at = 1_700_000_000_000

  const temperatures = (packets: readonly string[], keys?: ReadonlyMap<string, Uint8Array>) => {
    const report = deviceReports({ formats: [atc], destination: 'ble', keys })
    return packets.map(
      (data, second) => report({ ...packetOf(data), at: at + second * 1000 })?.readings[0]?.value,
    )
  }

  it('is what resolves more, where the firmware speaks in turn', () => {
    const fine = '010203040506 4008 9011 f70a 43 20 0f'
    const coarse = 'a4c1388d18b2 00d3 2f 5f 0bf8 21'
    expect(temperatures([coarse, fine, coarse, fine])).toEqual([21.1, 21.12, undefined, undefined])
  })

  it('is nothing that was sent before, though the counter is short', () => {
    const report = deviceReports({
      formats: [atc],
      destination: 'ble',
      keys: new Map([['a4c1388d18b2', hex(key)]]),
    })
    const heard = [250, 251, 250, 251, 255, 0, 1, 255, 2].map((counter, second) => {
      const packet = { brand: 'ATC', address, key, counter, temperature: counter / 10, humidity: 50 }
      return report(advertisement({ ...packet, at: at + second * 1000 }))?.readings[0]?.value
    })
    const passed = [25, 25.1, undefined, undefined, 25.5, 0, 0.1, undefined, 0.2]
    expect(heard).toEqual(passed)
  })
})

describe('the encoder', () => {
  const hundredths = (from: number, to: number) =>
    fc.integer({ min: from, max: to }).map((count) => count / 100)

  const climate = {
    temperature: hundredths(-32_768, 32_767),
    humidity: hundredths(0, 10_000),
    battery: fc.nat(100),
  }

  it('says what a thermometer measures, over the whole range', () => {
    const voltage = fc.nat(65_535).map((count) => count / 1000)
    fc.assert(
      fc.property(fc.record({ ...climate, voltage, packet: fc.nat(255) }), ({ temperature, ...others }) => {
        const packet = advertisement({ brand: 'ATC', temperature, ...others })
        expect(atc.decode(packet)).toEqual({
          ...device,
          temperature_c: temperature,
          ...others,
          coarse: false,
        })
      }),
    )
  })

  it('says the same encrypted', () => {
    fc.assert(
      fc.property(fc.record({ ...climate, counter: fc.nat(255) }), ({ temperature, ...others }) => {
        const packet = advertisement({ brand: 'ATC', key, temperature, ...others })
        expect(atc.decode(packet, hex(key))).toEqual({
          ...{ ...device, temperature_c: temperature, ...others, counterSize: 256, coarse: false },
        })
        expect(atc.decode(packet)).toEqual(locked)
      }),
    )
  })

  it.each<[Partial<BrandAdvertisementOptions>, string]>([
    [{ humidity: 50 }, 'expected temperature from -327.68 to 327.67 in steps of 0.01, got none'],
    [{ temperature: 21, humidity: 50, key, voltage: 3 }, 'expected no voltage of one that encrypts'],
    [{ temperature: 21, humidity: 50, key, counter: 256 }, 'expected counter from 0 to 255'],
  ])('says what it cannot say: %j', (values, problem) => {
    expect(() => advertisement({ brand: 'ATC', ...values })).toThrow(problem)
  })
})
