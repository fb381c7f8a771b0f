import { describe, expect, it } from 'vitest'
import type { Measurement } from '../../src/ble/measurement.js'
import { goveeReadings, sayUnknown, toFahrenheit } from '../../src/ble/reports.js'
import { recordedLog } from '../support/recordedLog.js'
import { advertisementOf } from './advertisementOf.js'
import { deviceOf, observationOf } from './observationOf.js'

const readingsOf = (measurement: Partial<Measurement>) =>
  goveeReadings(observationOf(deviceOf(), measurement)).map(({ destination, value, decimals }) => [
    destination.replace('govee/attic/', ''),
    value,
    ...(decimals === undefined ? [] : [decimals]),
  ])

const button = (number: number) => ({ event: { type: 'button', button: number, action: 'press' } }) as const

it.each([
  [{ co2: 574 }, [['co2', 574, 0]]],
  [{ pm25: 3 }, [['pm25', 3, 0]]],
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
  expect(readingsOf(measurement)).toEqual(readings)
})

it('says temperatures and humidity as finely as the sensor does', () => {
  expect(readingsOf({ decimals: 2, temperature_c: -9.54, humidity: 32.7 })).toEqual([
    ['temp_c', -9.54, 2],
    ['temp_f', 14.83, 2],
    ['humi', 32.7, 2],
  ])
  expect(readingsOf({ decimals: 0, probes: { 6: { temperature_c: 26, alarm_high_c: 60 } } })).toEqual([
    ['probe6/temp_c', 26, 0],
    ['probe6/temp_f', 79, 0],
  ])
})

it('says nothing of a probe that is not plugged in', () => {
  const probes = { 1: { alarm_high_c: 74 }, 2: { temperature_c: 21, humidity: 40 } }
  expect(readingsOf({ decimals: 2, probes })).toEqual([
    ['probe2/temp_c', 21, 2],
    ['probe2/temp_f', 69.8, 2],
    ['probe2/humi', 40, 2],
  ])
})

it('says what a remote measures, and its battery, below remote', () => {
  expect(readingsOf({ sensor: 'remote', temperature_c: 1, humidity: 99.9, battery: 100 })).toEqual([
    ['remote/temp_c', 1, 1],
    ['remote/temp_f', 33.8, 1],
    ['remote/humi', 99.9, 1],
    ['remote/battery', 100, 0],
  ])
})

it('marks as events what happened, not what is', () => {
  const events = (measurement: Partial<Measurement>) =>
    goveeReadings(observationOf(deviceOf(), measurement)).map(({ event }) => event)
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
    goveeReadings({ ...observation, advertisement: { ...observation.advertisement, at, rssi: -60 } })
  expect(heard(1).map(({ at }) => at)).toEqual([1, 1, 1, 1, 1, 1])
  expect(heard(2).map(({ destination }) => destination)).toEqual(
    heard(1).map(({ destination }) => destination),
  )
})

const unknown = {
  localName: 'GVH5199_2233',
  serviceUuids: ['ec88'],
  manufacturerData: '01000101033aed6400ff',
}

function saidOf(...packets: Parameters<typeof advertisementOf>[0][]) {
  const { log, lines } = recordedLog()
  const say = sayUnknown(log)
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

it.each([
  [21.7, 1, 71.1],
  [-7.3, 1, 18.9],
  [-40, 1, -40],
  [100, 1, 212],
  [-17.8, 1, 0],
  [25.34, 2, 77.61],
])('takes %d °C, resolved to %d decimals, for %d °F', (celsius, decimals, fahrenheit) => {
  expect(toFahrenheit(celsius, decimals)).toBe(fahrenheit)
})
