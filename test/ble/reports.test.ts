import { describe, expect, it } from 'vitest'
import type { Format } from '../../src/ble/formats/format.js'
import { govee } from '../../src/ble/formats/govee/govee.js'
import type { Measurement } from '../../src/ble/measurement.js'
import { logUnknown } from '../../src/ble/heardLog.js'
import { quantities } from '../../src/ble/quantities.js'
import { observedReadings } from '../../src/ble/readings.js'
import { deviceReports } from '../../src/ble/reports.js'
import { isWithdrawal } from '../../src/model.js'
import { recordedLog } from '../support/recordedLog.js'
import { advertisementOf } from './advertisementOf.js'
import { deviceOf, observationOf } from './observationOf.js'

const saidOfDevice = (measurement: Partial<Measurement>) =>
  observedReadings(observationOf(deviceOf(), measurement)).map(({ destination, value, decimals }) => [
    destination.replace('govee/attic/', ''),
    value,
    ...(decimals === undefined ? [] : [decimals]),
  ])

const button = (number: number) => ({ event: { type: 'button', button: number, action: 'press' } }) as const

it.each([
  [{ co2: 574 }, [['co2', 574, 0]]],
  [{ pm25: 3 }, [['pm25', 3]]],
  [
    { occupancy: true, motion: false },
    [
      ['presence', 'ON'],
      ['motion', 'OFF'],
    ],
  ],
  [{ pressure_detected: true }, [['load', 'ON']]],
  [{ pressure_detected: false }, [['load', 'OFF']]],
  [{ window_open: true }, [['door', 'OPEN']]],
  [{ window_open: false }, [['door', 'CLOSED']]],
  [{ event: { type: 'motion' } }, [['motion', 'ON']]],
  [{ event: { type: 'vibration' } }, [['vibration', 'ON']]],
  [button(0), [['button', 0]]],
  [button(5), [['button', 5]]],
  [{ battery: 0 }, [['battery', 0, 0]]],
  [{ error: true, probe: 1, battery: 100 }, [['battery', 100, 0]]],
] satisfies [Partial<Measurement>, unknown[]][])('says %j as %j', (measurement, readings) => {
  expect(saidOfDevice(measurement)).toEqual(readings)
})

it('says temperatures and humidity as finely as the sensor does', () => {
  expect(saidOfDevice({ decimals: 2, temperature_c: -9.54, humidity: 32.7 })).toEqual([
    ['temp_c', -9.54, 2],
    ['temp_f', 14.83, 2],
    ['humi', 32.7, 2],
  ])
  expect(saidOfDevice({ decimals: 0, probes: { 6: { temperature_c: 26, alarm_high_c: 60 } } })).toEqual([
    ['probe6/temp_c', 26, 0],
    ['probe6/temp_f', 79, 0],
  ])
})

it('says nothing of a probe that is not plugged in', () => {
  const probes = { 1: { alarm_high_c: 74 }, 2: { temperature_c: 21, humidity: 40 } }
  expect(saidOfDevice({ decimals: 2, probes })).toEqual([
    ['probe2/temp_c', 21, 2],
    ['probe2/temp_f', 69.8, 2],
    ['probe2/humi', 40, 2],
  ])
})

it('says what a remote measures, and its battery, below remote', () => {
  expect(saidOfDevice({ sensor: 'remote', temperature_c: 1, humidity: 99.9, battery: 100 })).toEqual([
    ['remote/temp_c', 1, 1],
    ['remote/temp_f', 33.8, 1],
    ['remote/humi', 99.9, 1],
    ['remote/battery', 100, 0],
  ])
})

it('marks as events what happened, not what is', () => {
  const events = (measurement: Partial<Measurement>) =>
    observedReadings(observationOf(deviceOf(), measurement)).map(({ event }) => event)
  expect(events({ ...button(1), battery: 100 })).toEqual([true, undefined])
  expect(events({ event: { type: 'vibration' } })).toEqual([true])
  expect(events({ motion: true, window_open: true })).toEqual([undefined, undefined])
})

it('says when each was heard, and builds the topics of a device once', () => {
  const observation = observationOf(deviceOf(), {
    window_open: true,
    co2: 500,
    ...button(1),
    probes: { 1: { temperature_c: 4 } },
  })
  const heard = (at: number) =>
    observedReadings({ ...observation, advertisement: { ...observation.advertisement, at, rssi: -60 } })
  expect(heard(1).map(({ at }) => at)).toEqual([1, 1, 1, 1, 1, 1])
  expect(heard(2).map(({ destination }) => destination)).toEqual(
    heard(1).map(({ destination }) => destination),
  )
})

it('says what is about the device after its probes and its event, and the RSSI last', () => {
  const observation = observationOf(deviceOf(), {
    temperature_c: 20,
    battery: 90,
    ...button(3),
    probes: { 1: { temperature_c: 4 } },
  })
  const readings = observedReadings({ ...observation, advertisement: advertisementOf({ rssi: -70 }) })
  expect(readings.map(({ destination }) => destination.replace('govee/attic/', ''))).toEqual([
    ...['temp_c', 'temp_f', 'probe1/temp_c', 'probe1/temp_f', 'button', 'battery', 'rssi'],
  ])
})

it('says each value on its own topic, whatever a device has said before', () => {
  const device = deviceOf()
  const said = (measurement: Partial<Measurement>) =>
    observedReadings({
      ...observationOf(device, measurement),
      advertisement: advertisementOf({ rssi: -70 }),
    }).map(({ destination, value }) => `${destination.replace('govee/attic/', '')} ${String(value)}`)
  const climate = ['temp_c 20', 'temp_f 68', 'humi 40']
  for (let time = 0; time < 2; time += 1) {
    expect(said({ battery: 9, error: true })).toEqual(['battery 9', 'rssi -70'])
    expect(said({ temperature_c: 20, humidity: 40, battery: 9 })).toEqual([
      ...climate,
      ...['battery 9', 'rssi -70'],
    ])
    expect(said({ humidity: 40, temperature_c: 20 })).toEqual([
      'humi 40',
      'temp_c 20',
      'temp_f 68',
      'rssi -70',
    ])
    expect(said({ temperature_c: undefined, humidity: 40 })).toEqual(['humi 40', 'rssi -70'])
    expect(said({ window_open: true, co2: 500 })).toEqual(['door OPEN', 'co2 500', 'rssi -70'])
  }
})

describe('what a packet says there is none of', () => {
  const climate = ['temp_c', 'temp_f', 'humi']
  const probes = (...names: string[]) => names.flatMap((name) => [`${name}/temp_c`, `${name}/temp_f`])
  /** What the packets of a device withdraw, each. */
  const withdrawnBy = (localName: string, service: string, ...records: readonly string[]) => {
    const reportOf = deviceReports({ formats: [govee], destination: 'govee' })
    return records.map((manufacturerData) =>
      reportOf(advertisementOf({ localName, serviceUuids: [service], manufacturerData }))
        ?.readings.filter(isWithdrawal)
        .map(({ destination, device = '' }) => destination.slice(device.length + 1)),
    )
  }
  const meat = '11223301000101e4'
  const old5055 = (state: string) => `858ba40064${state}00ffffffff4d000c1900ffff5d000000`
  const new5055 = (state: string) => `0a5c7741000101e4${state}000960ffffffff0dacffffffff`

  it.each([
    ['H5181', 'GVH5181', '8151', `${meat}0086083410680000`, `${meat}0006ffff10680000`, probes('probe1')],
    [
      ...['H5182', 'GVH5182', '8251', `${meat}01860866ffff860898ffff`, `${meat}0106ffffffff860898ffff`],
      probes('probe1'),
    ],
    [
      ...['H5184', 'GVH5184', '8451', `${meat}0286083413248608982454`, `${meat}02860834132406ffff2454`],
      probes('probe4'),
    ],
    [
      ...['H5185', 'GVH5185', '8551', `${meat}c10009601068ffff09601068ffff`],
      ...[`${meat}010009601068ffffffff1068ffff`, probes('probe1', 'probe2')],
    ],
    [
      ...['H5198', 'GVH5198', '9851', `${meat}c20009601068ffff09601068ffff`],
      ...[`${meat}820009601068ffff09601068ffff`, probes('probe3')],
    ],
    [
      ...['H5191', 'GVH5191', '9151', `${meat}00040fa01324ffff0af0ffffffff`],
      ...[`${meat}0004ffff1324ffffffffffffffff`, ['temp_c', 'temp_f', ...probes('probe1')]],
    ],
    ['H5055', 'GVH5055', '5550', old5055('a0'), old5055('80'), probes('probe5', 'probe6')],
    ['newer H5055', 'GVH5055', '5550', new5055('03'), new5055('02'), probes('probe1')],
    ['H5075', 'GVH5075_2233', 'ec88', '88ec0003519e6400', '88ec0003519ee400', climate],
    ['H5177', 'GVH5177_2233', 'ec88', '0100010103519e64', '01000101ffffff00', climate],
    ['H5108', 'GV51082233', 'ec88', '0100010103c730640000', '0100010103c730e40000', ['temp_c', 'temp_f']],
    [
      ...['H5112', 'GV51122233', 'ec88', '01000101034928640041', '01000101034928e40041'],
      climate.map((topic) => `probe1/${topic}`),
    ],
    [...['H5112', 'GV51122233', 'ec88', '01000101034928640082', '01000101034928e40082'], probes('probe2')],
    [...['H5140', 'GV51402233', 'ec88', '01000101031abc025800', '01000101031abc025801'], [...climate, 'co2']],
    [
      ...['H5178', 'B51782233', 'ec88', '01000101010003e7640001', '01000101010003e7e40001'],
      climate.map((topic) => `remote/${topic}`),
    ],
    ['H5074', 'Govee_H5074_2233', 'ec88', '88ec00e609bc126402', '88ec00ffffffff6402', climate],
    ['older H5179', 'Govee_H5179_2233', 'ec88', '0188ec000101e609bc1264', '0188ec0001010000000000', climate],
  ] as [string, string, string, string, string, string[]][])(
    'is withdrawn once, and again when it has been there meanwhile: %s',
    (_, name, service, whole, lacking, withdrawn) => {
      const packets = [whole, lacking, lacking, whole, lacking]
      const [first, second, third, fourth, fifth] = withdrawnBy(name, service, ...packets)
      expect([first, second, third, fourth]).toEqual([[], withdrawn, [], []])
      // What was never there is not gone again.
      const said = fifth?.filter((destination) => withdrawn.includes(destination))
      expect(said?.length).toBeGreaterThan(0)
      expect(withdrawn).toEqual(expect.arrayContaining(fifth ?? []))
    },
  )

  it('is withdrawn by the second packet of a device, for the broker may retain what an earlier run has said', () => {
    const lacking = `${meat}0106ffffffff860898ffff`
    expect(withdrawnBy('GVH5182', '8251', lacking, lacking, lacking)).toEqual([[], probes('probe1'), []])
  })

  it('is not what is in a packet that is corrupt', () => {
    expect(withdrawnBy('GVH5075_2233', 'ec88', '88ec0003519e6400', '88ec0073fd8e6400')).toEqual([[], []])
  })
})

it('reports the devices of any brand, once its packets can be read', () => {
  const acme: Format = {
    brand: 'Acme',
    decode: ({ localName }) => (localName === 'A1' ? { model: 'A1', decimals: 0, co2: 500 } : undefined),
    looksFamiliar: () => true,
  }
  const { log, lines } = recordedLog()
  const reportOf = deviceReports({ formats: [acme], destination: 'air' }, log)
  const who = { topic: 'air/A1', identity: 'a4c138112233', name: 'A1', address: 'A4:C1:38:11:22:33' }
  const about = {
    device: { ...who, brand: 'Govee', model: 'A1', stranger: true },
    topic: 'air/A1/co2',
    name: 'co2',
    quantity: quantities.co2,
    decimals: 0,
  }
  expect(reportOf(advertisementOf({ localName: 'A1' }))).toEqual({
    device: 'air/A1',
    readings: [{ destination: 'air/A1/co2', value: 500, decimals: 0, device: 'air/A1', about }],
  })
  expect(reportOf(advertisementOf({ address: 'b', localName: 'A2' }))).toBeUndefined()
  expect(lines.filter((line) => line.includes('looks like'))).toEqual([
    expect.stringContaining('"A2" at b looks like a Acme device'),
  ])
})

it('says once of each device that is known but sends no reading what its owner can do', () => {
  const silent: Format = {
    brand: 'Acme',
    advice: 'switch on its radio',
    decode: () => ({ brand: 'Acme', model: 'A1', ignored: true }),
  }
  const { log, lines } = recordedLog()
  const reportOf = deviceReports({ formats: [silent], destination: 'air' }, log)
  for (const address of ['a', 'a', 'b']) expect(reportOf(advertisementOf({ address }))).toBeUndefined()
  expect(lines).toEqual(['warn: A1 at a: switch on its radio', 'warn: A1 at b: switch on its radio'])
  const mute: Format = { brand: 'Acme', decode: silent.decode }
  const { log: quiet, lines: none } = recordedLog()
  deviceReports({ formats: [mute], destination: 'air' }, quiet)(advertisementOf({}))
  expect(none).toEqual([])
})

it('gives no topic level to a device that cannot be read, for one with the same name that can', () => {
  const acme: Format = {
    brand: 'Acme',
    keyAdvice: 'read it on its box',
    decode: ({ rssi }) =>
      rssi === undefined
        ? { brand: 'Acme', model: 'A1', ignored: true, encrypted: true }
        : { brand: 'Acme', model: 'A1', co2: 500 },
  }
  const { log, lines } = recordedLog()
  const chosen = { b: 'room', c: 'cellar' }
  const reportOf = deviceReports({ formats: [acme], destination: 'air' }, log)
  expect(reportOf(advertisementOf({ address: 'a', localName: 'Hall' }))).toBeUndefined()
  expect(reportOf(advertisementOf({ address: 'b', localName: 'Hall', rssi: -50 }))?.device).toBe('air/Hall')
  const chosenOf = deviceReports({ formats: [acme], destination: 'air', chosen }, log)
  for (const address of ['a', 'c']) expect(chosenOf(advertisementOf({ address }))).toBeUndefined()
  expect(lines.filter((line) => line.startsWith('warn'))).toEqual([
    expect.stringMatching(/^warn: Hall at a: .* is encrypted, .*: read it on its box$/),
    expect.stringMatching(/^warn: A1 at c: .* is encrypted, .*: read it on its box$/),
  ])
})

const unknown = {
  localName: 'GVH5199_2233',
  serviceUuids: ['ec88'],
  manufacturerData: '01000101033aed6400ff',
}

function saidOf(...packets: Parameters<typeof advertisementOf>[0][]) {
  const { log, lines } = recordedLog()
  const say = logUnknown([govee], log)
  for (const packet of packets) say(advertisementOf(packet))
  return lines
}

describe('a device that looks like one of Govee’s but is not known', () => {
  it('is said with its name, address, services and bytes, and whom to tell', () => {
    expect(saidOf(unknown)).toEqual([
      'info: "GVH5199_2233" at a4:c1:38:11:22:33 looks like a Govee device that is not known yet, ' +
        'manufacturer data 01000101033aed6400ff, services ec88: please report this line to the project',
    ])
  })

  it('is said once, however its address is written and its bytes change', () => {
    const later = { ...unknown, address: 'A4:C1:38:11:22:33', manufacturerData: '01000101033aed6400fe' }
    expect(saidOf(unknown, unknown, later)).toHaveLength(1)
    expect(saidOf(unknown, { ...unknown, address: 'a4:c1:38:44:55:66' })).toHaveLength(2)
  })

  it('cannot forge a line nor fill the log with a long one', () => {
    const [line = ''] = saidOf({
      ...unknown,
      localName: `GV\n\u001b[2J${'x'.repeat(5000)}`,
      manufacturerData: 'ab'.repeat(5000),
    })
    expect(line).toContain('"GV\\n\\u{1b}[2Jxxx')
    expect(line.length).toBeLessThan(2000)
    expect(line).toMatch(/^[\x20-\x7e]*$/)
  })

  it('is said for a thousand devices at most', () => {
    const crowd = Array.from({ length: 1500 }, (_, number) => ({ ...unknown, address: `device ${number}` }))
    expect(saidOf(...crowd)).toHaveLength(1000)
  })

  it('is nobody without a name', () => {
    const [line] = saidOf({ manufacturerData: '88ec00' })
    expect(line).toMatch(/^info: a nameless device at a4:c1:38:11:22:33 looks like a Govee device/)
  })
})
