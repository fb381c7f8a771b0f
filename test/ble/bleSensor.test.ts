import { filter, of } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { BleSensor, formatPlugin, GoveeSensor } from '../../src/ble/blePlugins.js'
import { bleSensor, goveeSensor as describedSensor } from '../../src/ble/bleSensor.js'
import { decodeGovee } from '../../src/ble/formats/govee/families.js'
import type { Format } from '../../src/ble/formats/format.js'
import type { Reading } from '../../src/model.js'
import { advertisement } from '../../src/testing/advertisement.js'
import { marbles } from '../../src/testing/marbles.js'
import { recordedLog } from '../support/recordedLog.js'
import { undescribed } from '../support/undescribed.js'
import { advertisementOf } from './advertisementOf.js'
import { allOf } from './allOf.js'
import { encrypted } from './encrypted.js'

const goveeSensor = (...parameters: Parameters<typeof describedSensor>) =>
  describedSensor(...parameters).pipe(undescribed)

describe('bleSensor', () => {
  const tag = advertisement({ brand: 'Ruuvi', temperature: -0.005, humidity: 50.25 })
  const attic = advertisement({
    model: 'H5075',
    temperature: 21.7,
    humidity: 99,
    address: 'a4:c1:38:11:22:44',
  })
  const said = async (...parameters: Parameters<typeof bleSensor>) =>
    (await allOf(bleSensor(...parameters))).map(({ destination, value }) => `${destination} ${value}`)

  it('reports all brands together, each with the digits that its devices resolve', async () => {
    expect(await said(of(tag, attic), { destination: 'air' })).toEqual([
      ...[
        'air/RuuviTag_2233/temp_c -0.005',
        'air/RuuviTag_2233/temp_f 31.99',
        'air/RuuviTag_2233/humi 50.25',
      ],
      'air/RuuviTag_2233/rssi -61',
      ...['air/GVH5075_2244/temp_c 21.7', 'air/GVH5075_2244/temp_f 71.1', 'air/GVH5075_2244/humi 99'],
      ...['air/GVH5075_2244/battery 100', 'air/GVH5075_2244/rssi -61'],
    ])
  })

  it('reports only the brands that are named, in any case', async () => {
    expect(await said(of(tag, attic), { destination: 'air', brands: ['ruuvi'] })).toHaveLength(4)
    expect(() => bleSensor(of(tag), { destination: 'air', brands: ['Ruvi'] })).toThrow(
      'got "Ruvi": did you mean Ruuvi?',
    )
  })

  it('adds to the values of a device what its owner has found out, and to no other', async () => {
    const offsets = { 'A4:C1:38:11:22:44': { temperature_c: -0.4, humidity: 2, co2: 5 } }
    expect(await said(of(attic), { destination: 'air', offsets })).toEqual([
      ...['air/GVH5075_2244/temp_c 21.3', 'air/GVH5075_2244/temp_f 70.3', 'air/GVH5075_2244/humi 100'],
      ...['air/GVH5075_2244/battery 100', 'air/GVH5075_2244/rssi -61'],
    ])
    expect(await said(of(tag), { destination: 'air', offsets })).toHaveLength(4)
  })

  /** Says what is behind the company id, if the key is right. */
  const safe: Format = {
    brand: 'Safe',
    companies: [0x1234],
    keyAdvice: 'it is printed on the box',
    decode: ({ manufacturerData: [record] }, key) =>
      record?.[2] === key?.[0]
        ? { brand: 'Safe', model: 'S1', counter: record?.[3], weight_kg: 1.5 }
        : { brand: 'Safe', model: 'S1', ignored: true, encrypted: true },
  }
  const locked = advertisementOf({ manufacturerData: '3412aa01' })
  const options = { destination: 'air', brands: [], formats: [safe] }

  it('opens what a device encrypts with its key, but not what was sent before', async () => {
    const keys = { 'A4-C1-38-11-22-33': 'aa'.repeat(16) }
    expect(await said(of(locked, locked), { ...options, keys })).toEqual(['air/S1_2233/weight_kg 1.5'])
  })

  it.each([
    [{}, 'what it says is encrypted, and no key is configured'],
    [{ 'a4:c1:38:11:22:33': 'bb'.repeat(16) }, 'the key that is configured does not open what it says'],
  ])(
    'says once of each device that its key is missing or wrong, and how to get it',
    async (keys, problem) => {
      const { log, lines } = recordedLog()
      expect(await said(of(locked, locked), { ...options, keys }, log)).toEqual([])
      expect(lines).toEqual([`warn: S1 at a4:c1:38:11:22:33: ${problem}: it is printed on the box`])
    },
  )

  it('refuses a key that is none, without quoting it', () => {
    expect(() => bleSensor(of(locked), { ...options, keys: { 'a4:c1:38:11:22:33': '0123' } })).toThrow(
      'expected a key of 32 hex digits, or 24 for older devices of Xiaomi, got 4 characters',
    )
  })

  it('quotes no key that stands where an address is expected', () => {
    const key = '0123456789abcdef'.repeat(2)
    expect(() => bleSensor(of(locked), { ...options, keys: { [`${key}0`]: 'a4:c1:38:11:22:33' } })).toThrow(
      'bleSensor: keys: expected Bluetooth addresses such as A4:C1:38:11:22:33 with a key each, got another text of 33 characters',
    )
    expect(() => bleSensor(of(locked), { ...options, keys: { [`${key}0`]: key } })).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining(key) as string }),
    )
  })

  it('logs no key, at no level, whatever a device says', async () => {
    const key = '231d39c1d7cc1ab1aee224cd096db932'
    const values = { brand: 'BTHome', temperature: 21.7 }
    const packets = [
      advertisement({ ...values, key }),
      advertisement({ ...values, key, counter: 2 }),
      advertisement({ ...values, key: key.replace('2', '3') }),
      advertisement(values),
      advertisement({ ...values, address: 'a4:c1:38:11:22:44', key }),
    ]
    const { log, lines } = recordedLog()
    const sensor$ = bleSensor(of(...packets), { destination: 'air', keys: { 'a4:c1:38:11:22:33': key } }, log)
    expect((await allOf(sensor$)).map(({ destination }) => destination)).toContain('air/BTHome_2233/temp_c')
    expect(new Set(lines.map((line) => line.slice(0, line.indexOf(':'))))).toEqual(
      new Set(['info', 'debug', 'warn']),
    )
    for (const line of lines) expect(line.toLowerCase()).not.toContain(key.slice(0, 8))
  })

  it('reads a format of one’s own from a class', async () => {
    const plugin = formatPlugin(safe)
    const parsed = plugin.options.parse({
      Destination: 'air',
      AddressX: { 1: 'a4:c1:38:11:22:33' },
      DestinationX: { 1: 'scale' },
      KeyX: { 1: 'aa'.repeat(16) },
    })
    const context = { section: 'Sensor1', log: console, advertisements$: of(locked) }
    const readings = await allOf(plugin.create(parsed, context))
    expect(readings.map(({ destination }) => destination)).toEqual(['scale/weight_kg'])
  })
})

describe('the level of a tank', () => {
  const tank = advertisementOf({ serviceUuids: ['fee5'], manufacturerData: '5900035bc1a4c650a8cc801b' })
  const levelOf = (readings: Reading[]) =>
    readings.find(({ destination }) => destination.endsWith('/level_mm'))?.value

  it('is that of what the tank holds, in code and from a file', async () => {
    const media = { 'A4-C1-38-11-22-33': 'water' } as const
    expect(levelOf(await allOf(bleSensor(of(tank), { destination: 'air' })))).toBe(623)
    expect(levelOf(await allOf(bleSensor(of(tank), { destination: 'air', media })))).toBe(1267)
    const parsed = BleSensor.options.parse({
      Destination: 'air',
      ...{ AddressX: { 1: 'a4:c1:38:11:22:33' }, DestinationX: { 1: 'tank' }, MediumX: { 1: 'Fuel' } },
    })
    const context = { section: 'Sensor1', log: console, advertisements$: of(tank) }
    expect(levelOf(await allOf(BleSensor.create(parsed, context)))).toBe(1049)
  })

  it('is of something that is known', () => {
    const media = { 'a4:c1:38:11:22:33': 'beer' } as unknown as { [address: string]: 'water' }
    expect(() => bleSensor(of(tank), { destination: 'air', media })).toThrow(/media\["a4:c1:38:11:22:33"\]/)
  })
})

describe('BleSensor', () => {
  const device = { AddressX: { 1: 'A4:C1:38:11:22:33' }, DestinationX: { 1: 'attic' } }
  const parse = (options: object) => BleSensor.options.safeParse({ Destination: 'air', ...options })

  it('takes brands, offsets and keys', () => {
    const options = { Brands: 'ruuvi, Govee', OffsetX: { 1: 'temperature_c -0.4, humidity +2' } }
    expect(parse({ ...device, ...options }).data).toMatchObject({
      Brands: ['ruuvi', 'govee'],
      OffsetX: { 1: { temperature_c: -0.4, humidity: 2 } },
    })
  })

  it.each([
    [{ Brands: 'ruvi' }, /^expected one or several of Govee, /],
    [{ OffsetX: { 1: 'temperature_c -0.4' } }, /^Address1 is missing: which device this is for$/],
    [{ KeyX: { 2: 'aa'.repeat(16) } }, /^Address2 is missing: which device this is for$/],
    [{ MediumX: { 2: 'water' } }, /^Address2 is missing: which device this is for$/],
    [{ ...device, MediumX: { 1: 'beer' } }, /^expected propane, water, air, fuel$/],
    [{ ...device, OffsetX: { 1: 'temp -0.4' } }, /^expected quantities, each with what is added to it/],
    [
      { ...device, KeyX: { 1: 'aa' } },
      /^expected a key of 32 hex digits, or 24 for older devices of Xiaomi$/,
    ],
  ])('says what is wrong with %j', (options, message) => {
    expect(parse(options).error?.issues.map((issue) => issue.message)).toEqual([
      expect.stringMatching(message),
    ])
  })
})

describe('goveeSensor', () => {
  const attic = { localName: 'GVH5075_2233', serviceUuids: ['ec88'] }

  const warm = advertisementOf({ ...attic, rssi: -61, manufacturerData: '88ec0003519e6400' })

  const cold = advertisementOf({ ...attic, rssi: -61, manufacturerData: '88ec00811f096400' })

  const broken = advertisementOf({ ...attic, rssi: -61, manufacturerData: '88ec0003519ee400' })

  const topic = 'govee/GVH5075_2233'

  const warmReadings = [
    { destination: `${topic}/temp_c`, value: 21.7, decimals: 1 },
    { destination: `${topic}/temp_f`, value: 71.1, decimals: 1 },
    { destination: `${topic}/humi`, value: 50.2, decimals: 1 },
    { destination: `${topic}/battery`, value: 100, decimals: 0 },
    { destination: `${topic}/rssi`, value: -61, decimals: 0 },
  ].map((reading) => ({ ...reading, device: topic }))

  const [temp_c, temp_f, humi, battery, rssi] = warmReadings

  const readings = { a: temp_c, b: temp_f, c: humi, d: battery, e: rssi }

  const coldReadings = {
    f: { ...temp_c, value: -7.3 },
    g: { ...temp_f, value: 18.9 },
    h: { ...humi, value: 48.1 },
  }

  const all = { ...readings, ...coldReadings }

  const destination = 'govee'

  it('reports temperature, humidity, battery and RSSI below the name of the device', async () => {
    expect(await allOf(goveeSensor(of(warm), { destination }))).toEqual(warmReadings)
  })

  it('says when the packet was heard, if the radio knows', async () => {
    const readings = await allOf(goveeSensor(of({ ...warm, at: 1_765_000_000_123 }), { destination }))
    expect(readings).toEqual(warmReadings.map((reading) => ({ ...reading, at: 1_765_000_000_123 })))
  })

  it('says nothing about RSSI when the radio did not measure it', async () => {
    const unmeasured = advertisementOf({ ...attic, manufacturerData: '88ec0003519e6400' })
    expect(await allOf(goveeSensor(of(unmeasured), { destination }))).toEqual(warmReadings.slice(0, 4))
  })

  it('reports battery and RSSI only when the packet says that its values are invalid', async () => {
    expect(await allOf(goveeSensor(of(broken), { destination }))).toEqual([battery, rssi])
  })

  it('joins the packets of a device, and takes the RSSI from the one with the reading', async () => {
    const packets = [
      advertisementOf({ localName: 'GVH5105_7336', rssi: -40 }),
      advertisementOf({ manufacturerData: '01000101033aed64', rssi: -70 }),
    ]
    const readings = await allOf(goveeSensor(of(...packets), { destination }))
    expect(readings.map(({ destination, value }) => [destination, value])).toEqual([
      ['govee/GVH5105_7336/temp_c', 21.1],
      ['govee/GVH5105_7336/temp_f', 70],
      ['govee/GVH5105_7336/humi', 69.3],
      ['govee/GVH5105_7336/battery', 100],
      ['govee/GVH5105_7336/rssi', -70],
    ])
  })

  it('reports chosen devices only, each below its own destination', async () => {
    const devices = { 'A4:C1:38:11:22:33': 'house/attic' }
    const stranger = { ...warm, address: 'a4:c1:38:44:55:66' }
    const readings = await allOf(goveeSensor(of(stranger, warm), { destination, devices }))
    expect(readings.map((reading) => reading.destination)).toEqual([
      'house/attic/temp_c',
      'house/attic/temp_f',
      'house/attic/humi',
      'house/attic/battery',
      'house/attic/rssi',
    ])
  })

  it.each([
    ['says nothing while nothing is heard', '-', '-'],
    ['completes with the radio', '|', '|'],
    ['passes by what is no reading', '-x-|', '---|'],
    ['reports one packet after the other', '-w------c------|', '-(abcde)(fghde)|'],
    ['passes an error of the radio on', '-w------#', '-(abcde)#'],
    ['takes a synchronous burst one by one', '(wc)--------|', '(abcdefghde)|'],
  ])('%s', (_, source, expected) =>
    marbles(({ cold: heard, expectObservable }) => {
      const advertisements$ = heard(source, { w: warm, c: cold, x: advertisementOf({}) })
      expectObservable(goveeSensor(advertisements$, { destination })).toBe(expected, all)
    }),
  )

  it('hears nothing before it is subscribed to, nor after it is left', () =>
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const advertisements$ = hot('-w-------c-', { w: warm, c: cold })
      const listen = '             ---^----!'
      expectObservable(goveeSensor(advertisements$, { destination }), listen).toBe('-')
      expectSubscriptions(advertisements$.subscriptions).toBe(listen)
    }))

  it.each([
    ['reports every packet as it comes', {}, 'w-w-c-|', 'a-a-f-|'],
    [
      'with an interval, reports at once and then the latest',
      { interval: 5 },
      'ww-c--------|',
      'a----f------|',
    ],
    ['on change, reports what differs', { onChange: true }, 'ww-cc-w|', 'a--f--a|'],
    [
      'on change with an interval, reports a change at once and repeats what stays the same after it',
      { onChange: true, interval: 5 },
      'w--c--c--c--c-|',
      'a--f-----f----|',
    ],
  ])('%s', (_, options, source, expected) =>
    marbles(({ cold: heard, expectObservable }) => {
      const sensor$ = goveeSensor(heard(source, { w: warm, c: cold }), { destination, ...options })
      const temperature$ = sensor$.pipe(filter((reading) => reading.destination.endsWith('/temp_c')))
      expectObservable(temperature$).toBe(expected, all)
    }),
  )

  describe('events', () => {
    const address = 'c1:37:37:32:0f:45'
    const pressed = (nonce: number) =>
      advertisementOf({ address, localName: 'GV51260F45', manufacturerData: encrypted(11, 100, 1, nonce) })
    const [first, second] = [pressed(1), pressed(2)]

    it.each([
      ['as they come', {}],
      ['on change', { onChange: true }],
      ['with an interval', { interval: 60_000 }],
      ['on change with an interval', { onChange: true, interval: 60_000 }],
    ])('are reported once each, repeats on the air left out, %s', (_, options) =>
      marbles(({ cold: heard, expectObservable }) => {
        const sensor$ = goveeSensor(heard('-ff-f-s-s-f--', { f: first, s: second }), {
          destination,
          ...options,
        })
        const button$ = sensor$.pipe(filter((reading) => reading.destination.endsWith('/button')))
        const device = 'govee/GV51260F45'
        const button = { destination: `${device}/button`, value: 1, event: true, device }
        expectObservable(button$).toBe('-b----b------', { b: button })
      }),
    )
  })

  it('holds back what is known to be wrong, though decode prints it', async () => {
    const packet = (climate: string) =>
      advertisementOf({ localName: 'GVH5104_311C', manufacturerData: `01000101${climate}62` })
    const packets = ['02fff2', '03fc26', '02fc26'].map(packet)
    const readings = await allOf(goveeSensor(of(...packets), { destination }))
    const temperatures = readings.filter(({ destination }) => destination.endsWith('temp_c'))
    expect(temperatures.map(({ value }) => value)).toEqual([19.6, 19.5])
    expect(packets.map((advertisement) => decodeGovee(advertisement)?.temperature_c)).toEqual([
      19.6, 26.1, 19.5,
    ])
  })

  it('says in the log what looks like a Govee device but is not known, and reports nothing of it', async () => {
    const { log, lines } = recordedLog()
    const stranger = advertisementOf({ localName: 'GVH5199_2233', manufacturerData: '88ec0003519e6400' })
    const context = { section: 'Sensor0', log, advertisements$: of(stranger, warm, stranger) }
    const options = GoveeSensor.options.parse({ Destination: 'govee' })
    expect(await allOf(GoveeSensor.create(options, context).pipe(undescribed))).toEqual(warmReadings)
    expect(lines.filter((line) => line.includes('looks like'))).toEqual([
      expect.stringContaining('"GVH5199_2233" at a4:c1:38:11:22:33'),
    ])
  })

  it('says what a chosen device calls itself, when that is news', async () => {
    const address = 'a4:c1:38:11:22:33'
    const named = (localName: string) =>
      advertisementOf({ localName, address, manufacturerData: '88ec0003519e6400' })
    const texts = {
      Destination: 'x',
      AddressX: { 1: address },
      DestinationX: { 1: 'freezer' },
      DeviceName: 'YES',
    }
    const context = {
      section: 'Sensor0',
      log: recordedLog().log,
      advertisements$: of(named('GVH5075_2233'), named('GVH5075_2233'), named('GVH5075\n')),
    }
    const readings = await allOf(GoveeSensor.create(GoveeSensor.options.parse(texts), context))
    expect(
      readings.filter(({ destination }) => destination === 'freezer/name').map(({ value }) => value),
    ).toEqual(['GVH5075_2233', 'GVH5075\\n'])
  })

  it('says in the log once who is heard and where that is published, and at DEBUG each reading', async () => {
    const { log, lines } = recordedLog()
    const bare = {
      manufacturerData: '88ec0003519e6400',
      serviceUuids: ['ec88'],
      address: 'a4:c1:38:44:55:66',
    }
    const nameless = advertisementOf({ ...bare, rssi: -80 })
    const named = advertisementOf({ ...bare, localName: 'GVH5075_5566' })
    const other = advertisementOf({
      ...attic,
      address: 'c1:00:00:00:00:01',
      manufacturerData: '88ec0003519e6400',
    })
    await allOf(goveeSensor(of(warm, warm, nameless, named, named, other), { destination }, log))
    expect(lines.filter((line) => line.startsWith('info'))).toEqual([
      'info: heard GVH5075_2233 (H5075, -61 dBm): published on govee/GVH5075_2233',
      'info: heard a4:c1:38:44:55:66 (H5075, -80 dBm): published on govee/H5075_5566',
      'info: heard GVH5075_5566 (H5075): published on govee/GVH5075_5566',
      'info: heard GVH5075_2233 (H5075): published on govee/GVH5075_2233_0001',
    ])
    expect(lines.slice(1, 4)).toEqual([
      'debug: heard govee/GVH5075_2233/temp_c 21.7',
      'debug: heard govee/GVH5075_2233/temp_f 71.1',
      'debug: heard govee/GVH5075_2233/humi 50.2',
    ])
    expect(lines.filter((line) => line === 'debug: heard govee/GVH5075_2233/temp_c 21.7')).toHaveLength(2)
  })

  it('says of a thousand devices at most that they are heard', async () => {
    const { log, lines } = recordedLog()
    const crowd = Array.from({ length: 1100 }, (_, number) => ({
      ...warm,
      address: `c1:00:00:00:00:${number}`,
    }))
    await allOf(goveeSensor(of(...crowd), { destination }, log))
    expect(lines.filter((line) => line.startsWith('info: heard'))).toHaveLength(1000)
  })

  describe('a chosen device', () => {
    const devices = { 'A4:C1:38:11:22:33': 'attic', 'A4-C1-38-44-55-66': 'cellar' }
    const near = advertisementOf({
      ...attic,
      address: 'a4:c1:38:44:55:65',
      manufacturerData: '88ec0003519e6400',
    })
    const far = advertisementOf({
      ...attic,
      address: 'c2:99:99:99:99:99',
      manufacturerData: '88ec0003519e6400',
    })
    const phone = advertisementOf({ address: 'a4:c1:38:44:55:67', localName: 'phone' })
    const silent = advertisementOf({ address: 'a4:c1:38:44:55:66', localName: 'GVH5075_5566' })

    const warnings = (source: string) => {
      const { log, lines } = recordedLog()
      marbles(({ hot, flush }) => {
        const packets$ = hot(source, { w: warm, n: near, f: far, p: phone, s: silent })
        goveeSensor(packets$, { destination, devices }, log).subscribe()
        flush()
      })
      return lines.filter((line) => line.startsWith('warn'))
    }

    it.each([
      [
        'is said, once, with the nearest address that was',
        'fnpw 3m fnpw|',
        ['the nearest address that was heard: a4:c1:38:44:55:65 (GVH5075_2233)'],
      ],
      ['is said where no other was', 'pw 3m w|', ['no other Govee device was heard']],
      ['is not said where it was heard, though without a reading', 'sw 3m s|', []],
      ['is not said when the sensor ends before', 'w 119s |', []],
    ])('that is not heard for two minutes %s', (_, source, ends) => {
      expect(warnings(source)).toEqual(
        ends.map((end) => `warn: A4-C1-38-44-55-66 (cellar) has not been heard for two minutes; ${end}`),
      )
    })
  })

  describe('the parameters of GoveeSensor', () => {
    const context = { section: 'Sensor0', log: console, advertisements$: of(warm) }
    const parse = (options: object) => GoveeSensor.options.safeParse({ Destination: 'govee', ...options })

    it('need nothing but a destination', async () => {
      const options = GoveeSensor.options.parse({ Destination: 'govee' })
      expect(await allOf(GoveeSensor.create(options, context).pipe(undescribed))).toEqual(warmReadings)
    })

    it('choose devices by their addresses', async () => {
      const options = GoveeSensor.options.parse({
        Destination: 'govee',
        AddressX: { 1: 'A4-C1-38-11-22-33', 2: '61DE521B-F0BF-9F44-64D4-75BBE1738105' },
        DestinationX: { 1: 'attic', 2: 'mac' },
      })
      expect((await allOf(GoveeSensor.create(options, context).pipe(undescribed)))[0]).toEqual({
        ...temp_c,
        destination: 'attic/temp_c',
        device: 'attic',
      })
    })

    it('take seconds and a boolean', () => {
      expect(parse({ Interval: '1.5', OnChange: 'Yes' }).data).toMatchObject({
        Interval: 1500,
        OnChange: true,
      })
    })

    it.each(['A4:C1:38:11:22', 'A4C138112233', 'attic', 'A4:C1:38:11:22:3G', ''])(
      'refuse the address %j',
      (address) => {
        const { error } = parse({ AddressX: { 1: address }, DestinationX: { 1: 'attic' } })
        expect(error?.issues).toMatchObject([
          { path: ['AddressX', '1'], message: 'expected a Bluetooth address such as A4:C1:38:11:22:33' },
        ])
      },
    )

    it('say everything that is wrong at once', () => {
      const { error } = parse({
        AddressX: { 1: 'attic', 2: 'A4:C1:38:11:22:33' },
        DestinationX: { 1: '#' },
        Interval: '-1',
      })
      expect(error?.issues.map(({ path }) => path.join(' '))).toEqual([
        'AddressX 1',
        'DestinationX 1',
        'Interval',
        'AddressX 2',
      ])
    })
  })
})
