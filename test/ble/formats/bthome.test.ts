import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bthome } from '../../../src/ble/formats/bthome.js'
import { objects } from '../../../src/ble/formats/bthomeObjects.js'
import type { BleEvent, Measurement } from '../../../src/ble/measurement.js'
import { deviceReports } from '../../../src/ble/reports.js'
import { advertisement } from '../../../src/testing/advertisement.js'
import { encryptCcm } from '../../../src/testing/encoders/ccm.js'
import { advertisementOf } from '../advertisementOf.js'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')

const key = '231d39c1d7cc1ab1aee224cd096db932'

const packetOf = (uuid: string, data: string, others: Parameters<typeof advertisementOf>[0] = {}) =>
  advertisementOf({ serviceData: [{ uuid, data: hex(data) }], ...others })

/** What objects of version 2 say, without what is in every measurement. */
function read(data: string): Partial<Measurement> {
  const { brand, model, ...said } = bthome.decode(packetOf('fcd2', `40 ${data}`)) ?? {}
  expect([brand, model]).toEqual(['BTHome', 'BTHome'])
  return said
}

/** The examples of the specification, and where it has none or the same for several others. */
const examples: Record<string, Partial<Measurement>> = {
  '0161': { battery: 97 },
  '02ca09': { temperature_c: 25.06 },
  '03bf13': { humidity: 50.55 },
  '04138a01': { pressure_hpa: 1008.83 },
  '05138a14': { illuminance_lx: 13460.67 },
  '065e1f': { weight_kg: 80.3 },
  '073e1d': { weight_lb: 74.86 },
  '08ca06': { dew_point_c: 17.38 },
  '0960': { count: 96 },
  '0a138a14': { energy_kwh: 1346.067 },
  '0b021b00': { power_w: 69.14 },
  '0c020c': { voltage: 3.074 },
  '0d120c': { pm25: 3090 },
  '0e021c': { pm10: 7170 },
  '0f01': { generic: true },
  '1001': { powered: true },
  '1100': { opening: false },
  '12e204': { co2: 1250 },
  '133301': { tvoc: 307 },
  '14020c': { moisture: 30.74 },
  '1501': { battery_low: true },
  '1601': { charging: true },
  '1700': { carbon_monoxide: false },
  '1801': { cold: true },
  '1900': { connected: false },
  '1a00': { door_open: false },
  '1b01': { garage_door_open: true },
  '1c01': { gas_detected: true },
  '1d00': { heat: false },
  '1e01': { light: true },
  '1f01': { unlocked: true },
  '2001': { leak: true },
  '2100': { motion: false },
  '2201': { moving: true },
  '2301': { occupancy: true },
  '2400': { plugged: false },
  '2500': { presence: false },
  '2601': { problem: true },
  '2701': { running: true },
  '2800': { safe: false },
  '2901': { smoke: true },
  '2a00': { sound: false },
  '2b00': { tamper: false },
  '2c01': { vibration: true },
  '2d01': { window_open: true },
  '2e23': { humidity: 35 },
  '2f23': { moisture: 35 },
  '3a01': { event: { type: 'button', button: 0, action: 'press' } },
  '3b010305': { event: { type: 'command', action: 'step_up', steps: 5 } },
  '3c0103': { event: { type: 'dimmer', action: 'rotate_left', steps: 3 } },
  '3c020a': { event: { type: 'dimmer', action: 'rotate_right', steps: 10 } },
  '3d0960': { count: 24_585 },
  '3e2a2c0960': { count: 1_611_213_866 },
  '3f020c': { rotation_deg: 307.4 },
  '400c00': { distance_mm: 12 },
  '414e00': { distance_m: 7.8 },
  '424e3400': { duration_s: 13.39 },
  '434e34': { current_a: 13.39 },
  '444e34': { speed_ms: 133.9 },
  '451101': { temperature_c: 27.3 },
  '4632': { uv_index: 5 },
  '478756': { volume_l: 2215.1 },
  '48dc87': { volume_ml: 34_780 },
  '49dc87': { flow_m3h: 34.78 },
  '4a020c': { voltage: 307.4 },
  '4b138a14': { gas_m3: 1346.067 },
  '4c41018a01': { gas_m3: 25_821.505 },
  '4d12138a14': { energy_kwh: 344_593.17 },
  '4e87562a01': { volume_l: 19_551.879 },
  '4f87562a01': { water_l: 19_551.879 },
  '505d396164': { timestamp: 1_684_093_277 },
  '518756': { acceleration_ms2: 22.151 },
  '528756': { gyroscope_dps: 22.151 },
  '530c48656c6c6f20576f726c6421': { text: 'Hello World!' },
  '540c48656c6c6f20576f726c6421': { raw: '48656c6c6f20576f726c6421' },
  '5587562a01': { volume_storage_l: 19_551.879 },
  '56e803': { conductivity: 1000 },
  '57ea': { temperature_c: -22 },
  '58ea': { temperature_c: -7.7 },
  '59ea': { count: -22 },
  '5aeaea': { count: -5398 },
  '5bea0234ea': { count: -365_690_134 },
  '5c02fbffff': { power_w: -12.78 },
  '5d02ea': { current_a: -5.63 },
  '5e9f8c': { direction_deg: 359.99 },
  '5fa00f': { precipitation_mm: 400 },
  '6001': { channel: 1 },
  '61ac0d': { rotational_speed_rpm: 3500 },
  '62ffffffff': { speed_ms: -0.000001 },
  '6387562a01': { acceleration_ms2: 19.551879 },
  '6402': { light_level: 2 },
  '6507': { settings_revision: 7 },
}

describe('an object of version 2', () => {
  it.each(Object.entries(examples))('%s is read', (data, expected) => {
    expect(read(data)).toEqual(expected)
  })

  it('has an example for each id', () => {
    const said = new Set(Object.keys(examples).map((data) => data.slice(0, 2)))
    const silent = ['packet', 'device']
    const ids = [...objects].flatMap(([id, { type }]) => (silent.includes(type) ? [] : [hexOf(id)]))
    expect(ids.filter((id) => !said.has(id))).toEqual([])
  })

  it('is numbered where it is said again, over all ids of its quantity, in the order of the packet', () => {
    expect(read('02ca09 45fb00 57ea 0f01 0f00')).toEqual({
      ...{ temperature_c: 25.06, temperature_c_2: 25.1, temperature_c_3: -22 },
      ...{ generic: true, generic_2: false },
    })
  })

  it.each([
    ['that is not known', '015d fe 03b718'],
    ['that is cut off', '015d 0409b7'],
    ['whose length is cut off', '015d 53'],
    ['whose text is cut off', '015d 530548'],
    ['whose arguments are cut off', '015d 3b0203ff'],
  ])('%s ends the reading, and what came before it is kept', (_, data) => {
    expect(read(data)).toEqual({ battery: 93 })
  })

  it.each([
    ['one that is no UTF-8', '5302c328'],
    ['an empty one', '5300'],
  ])('leaves %s out, and yet counts it', (_, text) => {
    expect(read(`${text} 53024f4b`)).toEqual({ text_2: 'OK' })
  })

  it('may be about the device or the packet, which is no reading', () => {
    expect(read('0009 0161 f00100 f100010204 f2000106')).toEqual({ packet: 9, packetSize: 256, battery: 97 })
    expect(read('0009 f2000106')).toEqual({ ignored: true })
    expect(read('')).toEqual({ ignored: true })
  })
})

const hexOf = (...bytes: number[]) => Buffer.from(bytes).toString('hex')

describe('events', () => {
  const button = (place: number, action: string) => ({ type: 'button', button: place, action })

  it('are the buttons that were used: which one it is says its place', () => {
    expect(read('3a003a003a023a00')).toEqual({ event: button(2, 'double_press') })
    expect(read('3a013a003a043a80')).toEqual({
      events: [button(0, 'press'), button(2, 'long_press'), button(3, 'hold_press')],
    })
    expect(read('3afe')).toEqual({ event: button(0, 'hold_press') })
    expect(read('3a00')).toEqual({ ignored: true })
    expect(read('3a99 3a03')).toEqual({ event: button(1, 'triple_press') })
  })

  it('are commands, with and without steps, and dimmers that were turned', () => {
    expect(read('3b0002 3b000b 3b022c0000 3b02042c01 3c0000')).toEqual({
      events: [
        { type: 'command', action: 'toggle' },
        { type: 'command', action: 'step_down', steps: 300 },
      ],
    })
  })

  it('has a length of five bits in a command, the others are reserved', () => {
    expect(read('3be10305')).toEqual(read('3b010305'))
  })
})

describe('version 1', () => {
  const readOld = (data: string) => {
    const { brand, model, ...said } = bthome.decode(packetOf('181c', data)) ?? {}
    expect([brand, model]).toEqual(['BTHome', 'BTHome'])
    return said
  }

  it('says of each value how long it is and whether it has a sign', () => {
    expect(readOld('0200a1 2302ca09 0303bf13 2205f6 050903020100')).toEqual({
      ...{
        packet: 0xa1,
        packetSize: 256,
        temperature_c: 25.06,
        humidity: 50.55,
        illuminance_lx: -0.1,
        count: 66_051,
      },
    })
  })

  it('has numbers with a point, of 2, 4 and 8 bytes', () => {
    const double = Buffer.alloc(8)
    double.writeDoubleLE(2506)
    expect(readOld('4302e568')).toEqual({ temperature_c: 25.06 })
    expect(readOld('450200a01c45')).toEqual({ temperature_c: 25.06 })
    expect(readOld(`4902${double.toString('hex')}`)).toEqual({ temperature_c: 25.06 })
    expect(readOld('43020100 4302007c 43020080 4402000000')).toEqual({ temperature_c: 0, temperature_c_3: 0 })
  })

  it('goes on behind what it does not know, and stops at what is cut off', () => {
    expect(readOld('03fe0000 86001122334455 020161 04040913')).toEqual({ battery: 97 })
    expect(readOld('0201610000')).toEqual({ battery: 97 })
  })

  it('knows the events', () => {
    expect(readOld('023a00 023a01 033c0103')).toEqual({
      events: [
        { type: 'button', button: 1, action: 'press' },
        { type: 'dimmer', action: 'rotate_left', steps: 3 },
      ],
    })
    expect(readOld('013a 023c01')).toEqual({ ignored: true })
  })
})

describe('an encrypted packet', () => {
  const address = '54:48:E6:8F:80:A5'
  const secret = '41 a47266c95f73 00112233 78237214'
  const climate = { temperature_c: 25.06, humidity: 50.55 }

  it('is the example of the specification, with its counter', () => {
    expect(bthome.decode(packetOf('fcd2', secret, { address }), hex(key))).toEqual({
      ...{ brand: 'BTHome', model: 'BTHome', ...climate, counter: 0x33221100 },
    })
  })

  it('says that it is one without its key, with another, and when its address is another', () => {
    const locked = { brand: 'BTHome', model: 'BTHome', ignored: true, encrypted: true }
    const packet = packetOf('fcd2', secret, { address })
    expect(bthome.decode(packet)).toEqual(locked)
    expect(bthome.decode(packet, hex('00'.repeat(16)))).toEqual(locked)
    expect(bthome.decode(packet, hex('00'.repeat(12)))).toEqual(locked)
    expect(bthome.decode({ ...packet, address: 'a4:c1:38:11:22:33' }, hex(key))).toEqual(locked)
    const uuid = '12345678-1234-1234-1234-123456789abc'
    expect(bthome.decode({ ...packet, address: uuid }, hex(key))).toEqual(locked)
    expect(bthome.decode(packetOf('181e', 'fba435e4d3c312fb0011223357d90a99', { address }))).toEqual(locked)
  })

  it('is read by the address in it where the radio says another, as that of macOS does', () => {
    const nonce = hex('5448e68f80a5 d2fc 43 00112233')
    const { cipher, tag } = encryptCcm(hex(key), { nonce, plain: hex('02ca0903bf13') })
    const data = ['43 a5808fe64854', hexOf(...cipher), '00112233', hexOf(...tag)].join(' ')
    const packet = packetOf('fcd2', data, { address: '12345678-1234-1234-1234-123456789abc' })
    expect(bthome.decode(packet, hex(key))).toMatchObject(climate)
  })

  it.each(['41', '41 00112233 78237214', '47 a5808fe64854 00112233 78237214'])(
    'is none when nothing is in it: %s',
    (data) => {
      expect(bthome.decode(packetOf('fcd2', data, { address }), hex(key))).toBeUndefined()
    },
  )

  it('is the only one that counts where a key is configured', () => {
    const plain = packetOf('fcd2', '40 02ca09', { address })
    expect(bthome.decode(plain, hex(key))).toEqual({ brand: 'BTHome', model: 'BTHome', ignored: true })
    expect(bthome.decode(packetOf('181c', '2302ca09', { address }), hex(key))).toMatchObject({
      ignored: true,
    })
    const both = { ...plain, serviceData: [...plain.serviceData, { uuid: 'fcd2', data: hex(secret) }] }
    expect(bthome.decode(both, hex(key))).toMatchObject(climate)
  })
})

it.each([
  ['20', undefined],
  ['60', undefined],
  ['42 a5808fe64854', 25.06],
  ['44', 25.06],
])('reads version 2 only, with or without an address in it: %s', (start, temperature_c) => {
  expect(bthome.decode(packetOf('fcd2', `${start} 02ca09`))?.temperature_c).toBe(temperature_c)
})

it.each([
  ['SBBT-002C', 'SBBT-002C'],
  ['SBDW-002C', 'SBDW-002C'],
  ['SBMO-003Z', 'SBMO-003Z'],
  ['SBBT-004CEU', 'SBBT-004CEU'],
  ['SBBT-USEEFF', 'SBBT-004CUS'],
  ['prst', 'b-parasite'],
  ['ATC_8D18B2', 'BTHome'],
])('knows the model of %s', (localName, model) => {
  expect(bthome.decode(packetOf('fcd2', '40 0161', { localName }))).toEqual({
    brand: 'BTHome',
    model,
    battery: 97,
  })
})

describe('a device that speaks only when something happens', () => {
  it.each(['44 2d01', '46 332211 38c1a4 2d01'])('says so in its first byte, %s', (data) => {
    expect(bthome.decode(packetOf('fcd2', data))).toMatchObject({ window_open: true, triggered: true })
  })

  it('says so when it encrypts, too', () => {
    const [plain, count] = [hex('2d01'), hex('01000000')]
    const nonce = hex('a4c138112233 d2fc 45 01000000')
    const { cipher, tag } = encryptCcm(hex(key), { nonce, plain })
    const data = Buffer.concat([hex('45'), cipher, count, tag]).toString('hex')
    expect(bthome.decode(packetOf('fcd2', data), hex(key))).toMatchObject({
      ...{ window_open: true, triggered: true, counter: 1 },
    })
  })

  it('is never said to be OFFLINE', () => {
    const report = deviceReports({ formats: [bthome], destination: 'ble' })
    expect(report(packetOf('fcd2', '44 2d01'))).toMatchObject({ triggered: true })
    expect(report(packetOf('fcd2', '40 2d01'))).not.toHaveProperty('triggered')
  })
})

describe('what reports say', () => {
  it('is a press once, however often it is sent, and again when it is another', () => {
    const report = deviceReports({ formats: [bthome], destination: 'ble' })
    const pressed = (packet: number) =>
      report(
        advertisement({
          brand: 'BTHome',
          name: 'SBBT-002C',
          at: 1_700_000_000_000,
          event: { type: 'button', button: 0, action: 'press' },
          packet,
        }),
      )?.readings.map(({ destination, value }) => [destination, value])
    const said = [
      ['ble/SBBT-002C/button', 0],
      ['ble/SBBT-002C/button0', 'press'],
      ['ble/SBBT-002C/rssi', -61],
    ]
    expect([1, 1, 2, 1].map(pressed)).toEqual([said, undefined, said, undefined])
  })

  it('is a text as it is', () => {
    const report = deviceReports({ formats: [bthome], destination: 'ble' })
    const packet = advertisement({ brand: 'BTHome', name: 'door', text: 'Hello', text_2: 'you' })
    expect(report(packet)?.readings).toMatchObject([
      { destination: 'ble/door/text', value: 'Hello' },
      { destination: 'ble/door/text_2', value: 'you' },
      { destination: 'ble/door/rssi', value: -61 },
    ])
  })
})

describe('the encoder', () => {
  /** An object and two of its values, over its whole range. */
  const said = fc
    .constantFrom(...[...objects.values()].filter((object) => 'key' in object))
    .chain((object) => {
      const value: fc.Arbitrary<number | boolean | string> =
        object.type === 'state'
          ? fc.boolean()
          : object.type === 'number'
            ? fc.integer(rangeOf(object)).map((count) => (count * object.times) / object.perUnit)
            : object.type === 'raw'
              ? fc
                  .uint8Array({ minLength: 1, maxLength: 8 })
                  .map((bytes) => Buffer.from(bytes).toString('hex'))
              : fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 })
      return fc.tuple(fc.constant(object.key), value, fc.option(value, { nil: undefined }))
    })

  const rangeOf = ({ size, signed }: { size: number; signed: boolean }) => {
    const numbers = 2 ** (8 * size)
    return signed ? { min: -numbers / 2, max: numbers / 2 - 1 } : { min: 0, max: numbers - 1 }
  }

  const action = fc.constantFrom(
    ...(['press', 'double_press', 'triple_press', 'long_press'] as const),
    ...(['long_double_press', 'long_triple_press', 'hold_press'] as const),
  )

  const steps = fc.nat(255)

  const buttons = fc
    .array(fc.option(action), { maxLength: 5 })
    .map((actions) =>
      actions.flatMap((each, button): BleEvent[] => (each ? [{ type: 'button', button, action: each }] : [])),
    )

  const commands = fc.array(
    fc.record<Extract<BleEvent, { type: 'command' }>, 'type' | 'action'>(
      {
        type: fc.constant('command'),
        action: fc.constantFrom('off', 'on', 'toggle', 'step_up', 'step_down'),
        steps,
      },
      { requiredKeys: ['type', 'action'] },
    ),
    { maxLength: 2 },
  )

  const dimmers = fc.array(
    fc.record<Extract<BleEvent, { type: 'dimmer' }>>({
      type: fc.constant('dimmer'),
      action: fc.constantFrom('rotate_left', 'rotate_right'),
      steps,
    }),
    { maxLength: 2 },
  )

  const events = fc.tuple(buttons, commands, dimmers).map((all) => all.flat())

  const quantities = fc.uniqueArray(said, { minLength: 1, maxLength: 8, selector: ([name]) => name })

  const secrecy = fc.option(fc.record({ counter: fc.nat(0xffffffff) }), { nil: undefined })

  it('says everything that there is, plain and encrypted, over the whole range', () => {
    fc.assert(
      fc.property(quantities, events, fc.nat(255), secrecy, (all, happened, packet, secret) => {
        const named = (temperature: string): Record<string, unknown> =>
          Object.fromEntries(
            all.flatMap(([name, first, second]): [string, unknown][] => [
              [name === 'temperature_c' ? temperature : name, first],
              ...(second === undefined ? [] : [[`${name}_2`, second] as [string, unknown]]),
            ]),
          )
        const sent = advertisement({
          ...{ brand: 'BTHome', packet, events: happened, ...named('temperature') },
          ...(secret && { key, ...secret }),
        })
        expect(bthome.decode(sent, secret && hex(key))).toEqual({
          ...{ brand: 'BTHome', model: 'BTHome', packet, packetSize: 256 },
          ...{ ...named('temperature_c'), ...secret },
          ...(happened.length === 1 ? { event: happened[0] } : happened.length > 1 && { events: happened }),
        })
        if (secret) expect(bthome.decode(sent)).toMatchObject({ ignored: true, encrypted: true })
      }),
    )
  })

  const cannot = (values: object, problem: string) => {
    expect(() => advertisement({ brand: 'BTHome', ...values })).toThrow(problem)
  }

  it('says what it cannot say', () => {
    cannot({ temperature: 400.01 }, 'expected temperature_c from -327.68 to 327.67 in steps of 0.01 or from')
    cannot({ humidity_2: 50 }, 'expected humidity, since there is humidity_2; got none')
    cannot(
      { event: { type: 'motion' } },
      'expected an event of the type button, dimmer or command, got motion',
    )
    cannot(
      { event: { type: 'button', button: 0, action: 'kick' } },
      'expected an action of press, double_press, triple_press, long_press',
    )
    const twice = { type: 'button', button: 1, action: 'press' }
    cannot({ events: [twice, twice] }, 'expected the number of the button from 2 to 255')
    cannot({ text: 'x'.repeat(250) }, 'expected what fits into 252 bytes, got 255 bytes')
    cannot({ battery: 1, key: '00' }, 'expected a key of 32 hex digits, got 2')
  })
})
