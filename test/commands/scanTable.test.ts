import { from, lastValueFrom, toArray } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { formats, type Keys } from '../../src/ble/formats/formats.js'
import { govee } from '../../src/ble/formats/govee/govee.js'
import { deviceReadings } from '../../src/ble/inWords.js'
import type { ButtonAction } from '../../src/ble/measurement.js'
import { parseCaptureLine } from '../../src/captures/jsonLines.js'
import { scanLine, scanScreen, scanTable } from '../../src/commands/scan.js'
import {
  configLines,
  lookAt,
  scanAdvice,
  scannedDevice,
  type ScannedDevice,
  scannedDevices,
} from '../../src/ble/scannedDevices.js'
import { signalBar, textTable } from '../../src/commands/terminal.js'
import type { Advertisement } from '../../src/radio/advertisement.js'
import { advertisement } from '../../src/testing/advertisement.js'

const address = 'a4:c1:38:11:22:33'
const packet = (fields: object = {}) => parseCaptureLine(JSON.stringify({ address, ...fields }))
const device = (...packets: Advertisement[]) => deviceWith(new Map(), ...packets)

/** What is known after some packets of a device. */
const deviceWith = (keys: Keys, ...packets: Advertisement[]) => {
  const look = lookAt(keys)
  return packets
    .flatMap((each) => look(each) ?? [])
    .reduce<ScannedDevice | undefined>(
      (known, sight) => scannedDevice(known, sight, 1000),
      undefined,
    ) as ScannedDevice
}

const named = packet({ localName: 'GVH5075_2233', rssi: -58, event: 'adv_ind' })
const reading = packet({
  localName: 'GVH5075_2233',
  rssi: -61,
  event: 'adv_ind',
  manufacturerData: '88ec0003519e6400',
})
const answer = packet({
  localName: 'Govee_H5074_2233',
  rssi: -70,
  event: 'scan_rsp',
  manufacturerData: '88ec0068ffe908' + '5c02',
})
const unknown = packet({ localName: 'GVH9999_0000', manufacturerData: '88ec000102' })

const key = '231d39c1d7cc1ab1aee224cd096db932'
const keys: Keys = new Map([['a4c138112233', Buffer.from(key, 'hex')]])
const encrypted = advertisement({ brand: 'BTHome', temperature: 21.7, key })
const tag = advertisement({
  brand: 'Ruuvi',
  address: 'cb:b8:33:4c:88:4f',
  temperature: 21.705,
  pressure_hpa: 1002.3,
})
const aranet = packet({ localName: 'Aranet4 1B4F8', manufacturerData: '020701130401000c0f01' })
const meter = {
  record: packet({ event: 'adv_ind', manufacturerData: '6909aabbccddeeffe30f090f2a00' }),
  answer: packet({ event: 'scan_rsp', serviceData: [{ uuid: 'fd3d', data: '770041' }] }),
}

const scanned = (packets: readonly Advertisement[], limit?: number) =>
  lastValueFrom(from(packets).pipe(scannedDevices({ limit: limit ?? 1000 }), toArray()), { defaultValue: [] })

describe('what scan knows of a device', () => {
  it('comes from all its packets', () => {
    expect(device(named, reading, packet({ rssi: -80, event: 'scan_rsp' }))).toEqual({
      address,
      localName: 'GVH5075_2233',
      format: govee,
      model: 'H5075',
      rssi: -80,
      battery: 100,
      at: 1000,
      count: 3,
      readings: { climate: '21.7 °C 50.2 %', battery: 'battery 100 %' },
      inAdvertisement: true,
      inScanResponse: false,
      isPassive: true,
      locked: undefined,
      error: false,
      unknown: undefined,
    })
  })

  it('tells whether the reading came in the advertisement or in the scan response', () => {
    expect(device(answer)).toMatchObject({ model: 'H5074', inAdvertisement: false, inScanResponse: true })
  })

  it('has the bytes of what looks like Govee and is not known', () => {
    expect(device(unknown)).toMatchObject({ model: undefined, unknown: '88ec000102' })
  })

  it('goes back to well when an invalid reading is followed by a good one', () => {
    const invalid = packet({ localName: 'GVH5075_2233', manufacturerData: '88ec0003519ee400' })
    expect(device(reading, invalid)).toMatchObject({ error: true, readings: { climate: '21.7 °C 50.2 %' } })
    expect(device(invalid, reading)).toMatchObject({ error: false })
  })

  it('is bounded: the device not heard for longest is dropped', async () => {
    const packets = [1, 2, 3, 1, 4].map((number) => ({ ...reading, address: `00:00:00:00:00:0${number}` }))
    const last = (await scanned(packets, 3)).at(-1)
    expect([...(last?.devices.keys() ?? [])].map((each) => each.slice(-1))).toEqual(['3', '1', '4'])
  })

  it('is news when the device is new, and when its readings change', async () => {
    const other = packet({ manufacturerData: '88ec00811f096400', localName: 'GVH5075_2233' })
    const all = await scanned([named, reading, named, reading, other])
    expect(all.map(({ news }) => news !== undefined)).toEqual([true, true, false, false, true])
  })
})

describe('what scan shows', () => {
  it('is a table of the devices', () => {
    expect(scanTable([device(named, reading), device(unknown)], 4000)).toBe(
      [
        'name          brand  model       dBm  age  count  readings                       reading in  address',
        'GVH5075_2233  Govee  H5075  -61 ▂▄▆·  3 s      2  21.7 °C 50.2 %, battery 100 %  adv         a4:c1:38:11:22:33',
        'GVH9999_0000  Govee  ?                3 s      1                                             a4:c1:38:11:22:33',
      ].join('\n'),
    )
  })

  it('never lets a name command the terminal', () => {
    const hostile = device({ ...reading, localName: '\x1b[2J\n\u202eGVH5075_'.repeat(10) })
    for (const text of [scanTable([hostile], 0), scanLine(hostile), configLines([hostile]).join('\n')]) {
      expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
    }
    expect(scanLine(hostile)).not.toContain('\n')
  })

  it('is a line where there is no terminal', () => {
    expect(scanLine(device(reading))).toBe(
      'a4:c1:38:11:22:33  GVH5075_2233  Govee  H5075  -61 dBm  21.7 °C 50.2 %  battery 100 %',
    )
    expect(scanLine(device(packet({ serviceUuids: ['ec88'] })))).toBe('a4:c1:38:11:22:33  -  Govee  ?')
    expect(scanLine(device(encrypted))).toBe('a4:c1:38:11:22:33  -  BTHome  -61 dBm  encrypted')
    expect(scanLine(deviceWith(keys, encrypted))).toBe('a4:c1:38:11:22:33  -  BTHome  -61 dBm  21.7 °C')
  })

  it.each([
    [-40, '▂▄▆█'],
    [-60, '▂▄▆█'],
    [-61, '▂▄▆·'],
    [-90, '▂···'],
    [-91, '····'],
    [-127, '····'],
  ])('has a bar for %i dBm', (rssi, bar) => {
    expect(signalBar(rssi)).toBe(bar)
  })

  it('is aligned, numbers at their right end', () => {
    const rows = [['a', 'number'], ['long name', '1'], ['b']]
    expect(textTable(rows, ['number'])).toBe('a          number\nlong name       1\nb')
  })

  it.each([
    [17, 4, 'a          number\nlong name       1\nb'],
    [14, 4, 'a       number\nlong …       1\nb'],
    [10, 4, 'a     number\nlon…       1\nb'],
  ])('has %i characters in a line where it can: long cells of one column are cut', (total, least, text) => {
    const rows = [['a', 'number'], ['long name', '1'], ['b']]
    expect(textTable(rows, ['number'], { title: 'a', total, least })).toBe(text)
  })

  it('is as wide as its terminal, however much a device reports', () => {
    const climate = '21.7 °C 50.2 %'
    const talkative = { ...device(reading), readings: { climate, event: 'x'.repeat(300) } }
    const screen = scanScreen({ devices: [talkative], heard: 1, log: [], now: 0, columns: 120 })
    expect(Math.max(...screen.map(({ length }) => length))).toBe(120)
    expect(screen.join('\n')).toMatch(/21\.7 °C 50\.2 %, x+…  adv {9}a4:c1:38:11:22:33/)
  })
})

describe('readings', () => {
  const model = 'H5000'
  const press = (button: number, action: ButtonAction) => ({ type: 'button', button, action }) as const
  it.each([
    [{ decimals: 1, temperature_c: -7, humidity: 48.1 }, { climate: '-7.0 °C 48.1 %' }],
    [
      { decimals: 1, temperature_c: 3, sensor: 'remote', battery: 5 } as const,
      { remote: 'remote 3.0 °C', 'remote battery': 'battery 5 %' },
    ],
    [
      { decimals: 0, probes: { 1: { temperature_c: 85, alarm_high_c: 90 }, 2: {} } },
      { 'probe 1': 'probe 1: 85 °C' },
    ],
    [
      { decimals: 1, co2: 812, pm25: 4 },
      { co2: '812 ppm CO2', pm25: '4 µg/m³' },
    ],
    [
      { decimals: 0, occupancy: true, motion: false },
      { presence: 'occupied', motion: 'still' },
    ],
    [
      { decimals: 0, window_open: true, pressure_detected: false },
      { door: 'open', load: 'empty' },
    ],
    [
      { decimals: 0, event: { type: 'button', button: 0, action: 'press' } } as const,
      { event: 'button 0 pressed' },
    ],
    [{ decimals: 0, event: { type: 'vibration' } } as const, { event: 'vibration' }],
    [
      { events: [press(0, 'press'), press(2, 'double_press')] },
      { event: 'button 0 pressed, button 2 double press' },
    ],
    [{ event: { type: 'dimmer', action: 'rotate_left', steps: 3 } } as const, { event: 'turned left by 3' }],
    [{ event: { type: 'command', action: 'step_up', steps: 2 } } as const, { event: 'command step up 2' }],
    [{ event: { type: 'command', action: 'toggle' } } as const, { event: 'command toggle' }],
    [
      { temperature_c_2: -3.5, pressure_hpa: 1002.31, voltage: 2.9, temperature_c: 21.705, humidity: 50.25 },
      { climate: '21.705 °C 50.25 %', temp_c_2: '-3.5 °C', pressure_hpa: '1002.31 hPa', voltage: '2.9 V' },
    ],
    [
      { text: 'a\u001b[2Jb', raw: '4f4b' },
      { text: '"a\\u{1b}[2Jb"', raw: 'raw 4f4b' },
    ],
    [{ decimals: 1, error: true } as const, {}],
  ])('are said in words: %j', (measurement, texts) => {
    expect(deviceReadings({ model, ...measurement })).toEqual(texts)
  })
})

describe('advice', () => {
  it.each([
    ['nothing to one that is well', device(reading), []],
    [
      'that active scanning is needed',
      device(answer),
      [/in the scan response only: it needs active scanning, which this program does/],
    ],
    ['nothing to a tag that is well', device(tag), []],
    [
      'that a radio that never asks would not know the model',
      device(meter.record, meter.answer, meter.record),
      [/needs active scanning/],
    ],
    [
      'how to get the key of one that encrypts',
      device(encrypted),
      [/encrypts what it says, and there is no key for it: read it with what set the device up/],
    ],
    [
      'that the key is another one',
      deviceWith(new Map([['a4c138112233', Buffer.alloc(16)]]), encrypted),
      [/the key that is given does not open it: read it/],
    ],
    ['nothing to one whose key is there', deviceWith(keys, encrypted), []],
    ['what to switch on', device(aranet), [/has no reading: it .*"Smart Home integrations"/]],
    ['to wait for a reading', device(named), [/no reading yet/]],
    ['to report unknown bytes', device(unknown), [/please report its name and these bytes: 88ec000102/]],
    [
      'to look at the batteries',
      { ...device(reading), error: true, battery: 3 },
      [/invalid: check its batteries/, /low battery \(3 %\)/],
    ],
    ['to bring it nearer', { ...device(reading), rssi: -95 }, [/heard faintly \(-95 dBm\)/]],
  ])('says %s', (_, scanned, sentences) => {
    const advice = scanAdvice(scanned)
    expect(advice).toHaveLength(sentences.length)
    sentences.forEach((sentence, at) => expect(advice[at]).toMatch(sentence))
  })
})

describe('what each brand needs', () => {
  const key = '231d39c1d7cc1ab1aee224cd096db932'
  const climate = { humidity: 50 }
  const air = { ...climate, pressure_hpa: 1000 }
  const others: Record<string, object> = {
    Aranet: { ...air, co2: 500 },
    SensorPush: air,
    Mopeka: { level_mm: 300 },
    Tilt: { specific_gravity: 1.05 },
  }
  const silent = packet({ localName: 'INT-11P-B', manufacturerData: '0102030405' })

  it.each([
    [
      'ATC',
      device(advertisement({ brand: 'ATC', temperature: 21.7, humidity: 50, key })),
      /no key for it: .*TelinkMiFlasher/,
    ],
    ['BTHome', device(encrypted), /no key for it: .*Shelly BLE Debug/],
    [
      'Xiaomi',
      device(advertisement({ brand: 'Xiaomi', temperature: 21.7, humidity: 50, key })),
      /no key for it: .*Xiaomi account/,
    ],
    ['Aranet', device(aranet), /switch on "Smart Home integrations" in its settings/],
    ['Inkbird', device(silent), /says its readings only to whoever connects to it/],
    ['SwitchBot', device(meter.record, meter.answer, meter.record), /needs active scanning/],
  ])('%s', (brand, scanned, sentence) => {
    expect(scanned.format.brand).toBe(brand)
    expect(scanAdvice(scanned)).toEqual([expect.stringMatching(sentence)])
    const lines = configLines([scanned])
    expect(lines.includes('Key1 = ${file:a4c138112233.key}')).toBe(scanned.locked === 'no key')
    // Who has no reading that could be reported has no line, either.
    expect(lines.includes(`Address1 = ${address}`)).toBe(!/Smart Home|connects/.test(sentence.source))
  })

  it('is a key for those that encrypt, and nothing for who says its readings to everybody', () => {
    const keyed = formats.flatMap(({ brand, keyAdvice }) => (keyAdvice === undefined ? [] : [brand]))
    expect(keyed).toEqual(['ATC', 'BTHome', 'Qingping', 'Xiaomi'])
    for (const { brand } of formats.slice(1)) {
      const scanned = device(advertisement({ brand, temperature: 21, ...(others[brand] ?? climate) }))
      expect([brand, scanAdvice(scanned)]).toEqual([scanned.format.brand, []])
      expect(configLines([scanned]).slice(2)).toEqual([
        `Address1 = ${address}`,
        expect.stringMatching(/^Destination1 = /),
      ])
    }
  })
})

describe('lines for the configuration', () => {
  it('pair each known device with its name, no two the same', () => {
    const twin = { ...device(reading), address: 'a4:c1:38:11:44:55' }
    expect(configLines([device(reading), device(unknown), twin])).toEqual([
      expect.stringContaining('GoveeSensor'),
      '',
      'Address1 = a4:c1:38:11:22:33',
      'Destination1 = GVH5075_2233',
      'Address2 = a4:c1:38:11:44:55',
      'Destination2 = GVH5075_2233_4455',
    ])
  })

  it('are those of a BleSensor where there are others than Govee devices, with the key of those that encrypt', () => {
    const lines = [
      expect.stringContaining('Class = ble.ble_sensor.BleSensor'),
      '',
      'Address1 = a4:c1:38:11:22:33',
      'Destination1 = BTHome_2233',
      'Key1 = ${file:a4c138112233.key}',
      'Address2 = cb:b8:33:4c:88:4f',
      'Destination2 = RuuviTag_884F',
      '',
      expect.stringMatching(/^A file of a key holds its hex digits/),
    ]
    expect(configLines([device(encrypted), device(tag)])).toEqual(lines)
    expect(configLines([deviceWith(keys, encrypted), device(tag)])).toEqual(lines)
  })

  it('are none where no device is known', () => {
    expect(configLines([device(unknown)])).toEqual([])
  })
})
