import { createCipheriv } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formats, readerOf } from '../../../src/ble/formats/formats.js'
import { digits } from '../../../src/ble/formats/payload.js'
import type { Measurement } from '../../../src/ble/measurement.js'
import { addressDigits, type Advertisement } from '../../../src/radio/advertisement.js'
import { advertisement } from '../../../src/testing/advertisement.js'
import { advertisementOf } from '../advertisementOf.js'

const { decode } = readerOf(formats)

const key = '4d8f1373fb4d3bab557d0ebd1c78f8c4'

const withKey = (packet: Advertisement, hex: string) =>
  decode(packet, new Map([[addressDigits(packet.address), Buffer.from(hex, 'hex')]]))

const dataOf = (uuid: string, hex: string, address = 'a4:c1:38:11:22:33') =>
  advertisementOf({ address, serviceData: [{ uuid, data: Buffer.from(hex.replaceAll(' ', ''), 'hex') }] })

/** A plain packet of MiBeacon 5 without address. */
function said(product: number, objects: string): Measurement | undefined {
  const id = Buffer.of(product & 0xff, product >> 8).toString('hex')
  return decode(dataOf('fe95', `4050 ${id} 07 ${objects}`))
}

const inSteps = (from: number, to: number, perUnit: number) =>
  fc.integer({ min: from, max: to }).map((count) => count / perUnit || 0)

const percent = fc.nat(100)

const values = {
  temperature: inSteps(-0x8000, 0x7fff, 10),
  humidity: inSteps(0, 1000, 10),
  illuminance_lx: fc.nat(0xffffff),
  moisture: percent,
  conductivity: fc.nat(0xffff),
  battery: percent,
  formaldehyde_mgm3: inSteps(0, 0xffff, 100),
  consumable: percent,
  leak: fc.boolean(),
  smoke: fc.boolean(),
  motion: fc.boolean(),
  light: fc.boolean(),
  window_open: fc.boolean(),
}

describe('what speaks MiBeacon', () => {
  it('says what it was told to say, over the whole range, plain and encrypted', () => {
    const some = fc.record(values, { requiredKeys: ['battery'] })
    const counter = fc.nat(0xffffffff)
    const bindKey = fc.uint8Array({ minLength: 16, maxLength: 16 })
    fc.assert(
      fc.property(some, counter, bindKey, ({ temperature, ...others }, number, bytes) => {
        const told = { brand: 'Xiaomi', ...(temperature !== undefined && { temperature }), ...others }
        const read = {
          brand: 'Xiaomi',
          model: 'LYWSD03MMC',
          ...(temperature !== undefined && { temperature_c: temperature }),
          ...others,
        }
        const packet = number & 0xff
        expect(decode(advertisement({ ...told, packet }))).toEqual({ ...read, packet })

        const hex = Buffer.from(bytes).toString('hex')
        const sealed = advertisement({ ...told, counter: number, key: hex })
        expect(withKey(sealed, hex)).toEqual({ ...read, counter: number })
        const locked = { brand: 'Xiaomi', model: 'LYWSD03MMC', ignored: true, encrypted: true }
        expect(decode(sealed)).toEqual(locked)
        expect(withKey(sealed, `${hex.slice(0, 31)}${hex.endsWith('0') ? '1' : '0'}`)).toEqual(locked)
      }),
    )
  })

  it('says how its buttons were used, and how far its knob was turned', () => {
    const event = fc.oneof(
      fc.record({
        type: fc.constant('button' as const),
        button: fc.constant(0),
        action: fc.constantFrom('press' as const, 'double_press' as const, 'long_press' as const),
      }),
      fc.record({
        type: fc.constant('dimmer' as const),
        action: fc.constantFrom('rotate_left' as const, 'rotate_right' as const),
        steps: fc.integer({ min: 1, max: 127 }),
      }),
    )
    fc.assert(
      fc.property(event, (happened) => {
        expect(decode(advertisement({ brand: 'Xiaomi', event: happened }))).toMatchObject({ event: happened })
      }),
    )
  })

  it('has no reading without an object, of a mesh, or of the first version', () => {
    const nothing = { brand: 'Xiaomi', model: 'LYWSD03MMC', ignored: true }
    expect(decode(advertisement({ brand: 'Xiaomi' }))).toEqual(nothing)
    for (const control of ['c050', '4010'])
      expect(decode(dataOf('fe95', `${control} 5b05 07 0a10 01 64`))).toEqual(nothing)
  })

  it('says what stands before an object that is cut off, and behind one that is not known', () => {
    expect(said(0x055b, '0a10 01 64 0410 02 c4')).toEqual({
      ...{ brand: 'Xiaomi', model: 'LYWSD03MMC', packet: 7 },
      battery: 100,
    })
    expect(said(0x055b, '6810 03 000000 0a10 01 64')).toMatchObject({ battery: 100 })
  })

  it('numbers a quantity that it says twice', () => {
    expect(said(0x055b, '0410 02 c400 0d10 04 c500f401')).toMatchObject({
      ...{ temperature_c: 19.6, temperature_c_2: 19.7, humidity: 50 },
    })
  })

  it('is read behind an address and a capability of one byte or two', () => {
    for (const head of ['20', '10 332211 38c1a4', '30 332211 38c1a4 09', '30 332211 38c1a4 2900']) {
      const [low = '', ...rest] = head.split(' ')
      const control = (Number.parseInt(low, 16) | 0x40).toString(16)
      const capability = low === '20' ? '09' : ''
      const data = `${control}20 9800 12 ${rest.join('')}${capability} 0410 02 c400`
      expect(decode(dataOf('fe95', data))).toMatchObject({ model: 'HHCCJCY01', temperature_c: 19.6 })
    }
  })

  it('is read for what is generic where the product is not known, and for nothing else', () => {
    const unknown = { brand: 'Xiaomi', model: 'MiBeacon 0ABC', packet: 7 }
    expect(said(0x0abc, '0410 02 9cff')).toEqual({ ...unknown, temperature_c: -10 })
    for (const special of ['0348 01 64', '0a00 02 750d', '0300 01 01', '0c56 01 01'])
      expect(said(0x0abc, special)).toEqual({ ...unknown, ignored: true })
  })

  it.each<[object: string, product: number, bytes: string, read: object]>([
    ['a number that is none', 0x2542, '014c 04 0000c07f', { ignored: true }],
    ['a window that was reset', 0x098b, '1910 01 03', { ignored: true }],
    ['a window left open', 0x098b, '1910 01 02', { window_open: true }],
    ['a contact closed', 0x1889, '124a 01 02', { window_open: false }],
    ['a newer contact closed', 0x1889, '0c48 01 01', { window_open: false }],
    ['no motion for 30 s', 0x0a8d, '1710 04 1e000000', { motion: true }],
    ['no motion for 31 s', 0x2aeb, '1848 02 1f00', { motion: false }],
    ['no motion', 0x2aeb, '1b10 04 00000000', { motion: false }],
    ['motion in the dark', 0x0a8d, '0f00 03 000000', { motion: true, light: false }],
    ['motion at 800 lx', 0x0a83, '0f00 03 200300', { motion: true, illuminance_lx: 800 }],
    ['a night light in the dark', 0x07f6, '0710 03 010000', { light: false }],
    ['a plant in the light', 0x0098, '0710 03 640000', { illuminance_lx: 100 }],
    ['somebody there', 0x50fb, '4e48 01 02', { occupancy: true }],
    ['nobody there', 0x4683, '4e48 01 02', { occupancy: false }],
    ['somebody on it', 0x3f4c, '3c48 01 01', { pressure_detected: true }],
    ['a kettle', 0x0083, '0510 02 015f', { powered: true, temperature_c: 95 }],
    ['temperature and humidity as floats', 0x55b5, '0148 04 cdccac41', { temperature_c: 21.6 }],
  ])('says %s', (_, product, bytes, read) => {
    expect(said(product, bytes)).toMatchObject(read)
  })
})

const button = (number: number, action: string) => ({ type: 'button', button: number, action })

describe('a button of MiBeacon', () => {
  it.each<[model: string, product: number, bytes: string, ...events: object[]]>([
    ['YLAI003', 0x07bf, '0110 03 000001', button(0, 'double_press')],
    ['YLYK01YL', 0x0153, '0110 03 050002', button(5, 'long_press')],
    // These have them the other way round.
    ['K9B-1BTN', 0x1568, '0110 03 000001', button(0, 'long_press')],
    ['K9B-2BTN', 0x1569, '0110 03 010002', button(1, 'double_press')],
    ['K9B-3BTN', 0x0dfd, '0110 03 040000', button(1, 'press'), button(2, 'press')],
    ['K9B-3BTN', 0x0dfd, '0110 03 050000', button(0, 'press'), button(2, 'press')],
    ['YLKG07YL', 0x03b6, '0110 03 010003', button(0, 'long_press')],
    ['PTX', 0x38bb, '0d4a 00', button(0, 'double_press')],
    ['PTX', 0x38bb, '0e4a 01 07', button(0, 'long_press')],
    ['XMWS01XS', 0x5968, '0c4a 01 01', button(1, 'press')],
    ['XMWXKG01LM', 0x2387, '0e4e 00', button(0, 'long_press')],
    ['XMWXKG01YL', 0x1949, '0d4e 01 02', button(1, 'double_press')],
    ['XMWXKG01YL', 0x1949, '0c4e 01 03', button(0, 'press'), button(1, 'press')],
    ['K9BB', 0x1c10, '0c4e 01 0f', button(0, 'double_press')],
    ['K9BB', 0x1c10, '0c4e 01 08', button(0, 'long_press')],
    ['KS1', 0x3a61, '0c56 01 04', button(3, 'press')],
    ['KS1BP', 0x3e17, '0e56 00', button(0, 'long_press')],
    ['KS2BB', 0x520b, '0d56 00', button(0, 'double_press')],
    ['MS1BB', 0x1889, '134a 01 01', button(0, 'press')],
  ])('of the %s (%i) says %s', (model, product, bytes, ...events) => {
    const [event] = events
    expect(said(product, bytes)).toEqual({
      ...{ brand: 'Xiaomi', model, packet: 7 },
      ...(events.length > 1 ? { events } : { event }),
    })
  })

  it.each<[what: string, product: number, bytes: string]>([
    ['a thermometer has none', 0x055b, '0e56 00'],
    ['a thermometer has none', 0x055b, '0110 03 000000'],
    ['it has one', 0x1568, '0110 03 010000'],
    ['it has four', 0x3a61, '0c56 01 05'],
    ['it has another object', 0x3a61, '0c4e 01 01'],
    ['it was turned while it was pressed', 0x03b6, '0110 03 050004'],
    ['it was used in a way that is not known', 0x07bf, '0110 03 000007'],
  ])('was not pressed: %s (%i, %s)', (_, product, bytes) => {
    expect(said(product, bytes)).toMatchObject({ ignored: true })
    expect(said(product, bytes)).not.toHaveProperty('event')
  })
})

describe('a key of MiBeacon', () => {
  it('opens what has its address in it, though the host calls the device otherwise', () => {
    const address = '2f8a7f6e-4d1c-4a6b-9f4e-3b1d5c7a9e00'
    const sealed = advertisement({ brand: 'Xiaomi', temperature: 21.7, key })
    expect(withKey({ ...sealed, address }, key)).toMatchObject({ temperature_c: 21.7 })

    const bare = dataOf('fe95', '48590312a41b776e7c96add7000000f2bf545b', address)
    const locked = { model: 'XMWSDJ04MMC', ignored: true, encrypted: true }
    expect(withKey(bare, 'b2cf9a553d53571b5657defd582d676e')).toMatchObject(locked)
  })

  it('of 12 bytes opens no packet of version 5, and no key one that is too short', () => {
    const sealed = advertisement({ brand: 'Xiaomi', temperature: 21.7, key })
    expect(withKey(sealed, 'b853075158487ca39a5b5ea9')).toMatchObject({ ignored: true, encrypted: true })
    for (const control of ['4858', '4838'])
      expect(withKey(dataOf('fe95', `${control} 5b05 07 112233`), key)).toMatchObject({ encrypted: true })
  })

  it('of 12 bytes opens packets of versions 2 and 3; a wrong one shows by what does not fit', () => {
    const turned = dataOf('fe95', '5830b603368b98c54124f88bb8f2661351000000d6', 'f8:24:41:c5:98:8b')
    expect(withKey(turned, 'b853075158487ca39a5b5ea9')).toEqual({
      ...{ brand: 'Xiaomi', model: 'YLKG07YL', packet: 0x36 },
      event: { type: 'dimmer', action: 'rotate_left', steps: 1 },
    })
    // With the four bytes in its middle that are the same for everybody.
    expect(withKey(turned, 'b853075158488d3d3c977ca39a5b5ea9')).toHaveProperty('event')
    const locked = { brand: 'Xiaomi', model: 'YLKG07YL', ignored: true, encrypted: true }
    expect(decode(turned)).toEqual(locked)
    expect(withKey(turned, 'b853075158487ca39a5b5ea8')).toEqual(locked)
  })

  it('of versions 2 and 3 gives a counter where its upper bytes are used, and nothing of what does not fit', () => {
    const bytes = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex')
    const old = (object: string, high: string) => {
      const head = `4830b60307`
      const block = Buffer.from(`01${head}${high}33221138c10001`, 'hex')
      const cipher = createCipheriv('aes-128-ctr', bytes, block).update(Buffer.from(object, 'hex'))
      return withKey(dataOf('fe95', `${head}${cipher.toString('hex')}${high}5a`), bytes.toString('hex'))
    }
    const device = { brand: 'Xiaomi', model: 'YLKG07YL' }
    const event = { type: 'button', button: 0, action: 'press' }
    expect(old('011003000103', '020100')).toEqual({ ...device, event, counter: 0x010207 })
    expect(old('011003000103', '000000')).toEqual({ ...device, event, packet: 7 })
    for (const object of ['011004000103', '01100200ff03', '0110020003', '01100300010300'])
      expect(old(object, '020100')).toEqual({ ...device, ignored: true, encrypted: true })
  })
})

describe('a scale', () => {
  it('says the weight it was told to say, over the whole range', () => {
    const weight = fc.integer({ min: 1, max: 0xffff }).map((count) => count / 200)
    fc.assert(
      fc.property(weight, fc.option(fc.integer({ min: 1, max: 0xffff })), (weight_kg, ohms) => {
        const impedance = ohms !== null && { impedance_ohm: ohms }
        const model = 'Mi Body Composition Scale'
        const read = decode(advertisement({ brand: 'Xiaomi', model, weight_kg, ...impedance }))
        expect(read).toEqual({
          ...{ brand: 'Xiaomi', model, ...impedance },
          weight_kg: digits(weight_kg, 2),
        })
      }),
    )
  })

  it('says kilograms, whatever it shows', () => {
    const shown = (flags: string, weight: string) =>
      decode(dataOf('181d', `${flags} ${weight} e507040b101301`))
    expect(shown('22', '9e43')).toEqual({ brand: 'Xiaomi', model: 'Mi Scale', weight_kg: 86.55 })
    expect(shown('23', 'b847')).toMatchObject({ weight_kg: 83.28 })
    expect(shown('32', '9e43')).toMatchObject({ weight_kg: 86.55 })
  })

  it('says nothing until the weight is stable, once nobody stands on it, and of no weight', () => {
    for (const data of ['02 9e43', 'a2 9e43', '22 0000'])
      expect(decode(dataOf('181d', `${data} e507040b101301`))).toEqual({
        ...{ brand: 'Xiaomi', model: 'Mi Scale', ignored: true },
      })
    expect(decode(dataOf('181d', '22 9e43'))).toBeUndefined()
  })
})

it('reads a plant sensor, and not what others send for the same service', () => {
  expect(decode(dataOf('fd50', '2e fff6 000224 64 0102'))).toEqual({
    ...{ brand: 'Xiaomi', model: 'HHCCJCY10', temperature_c: -1, moisture: 46 },
    ...{ illuminance_lx: 548, battery: 100, conductivity: 258 },
  })
  for (const data of ['2e fff6 000224 ff 0102', '2e 00d2 000224 64 0102 00'])
    expect(decode(dataOf('fd50', data))).toBeUndefined()
})
