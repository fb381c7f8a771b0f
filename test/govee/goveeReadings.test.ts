import { expect, it } from 'vitest'
import { goveeReadings } from '../../src/govee/goveeReadings.js'
import type { Measurement } from '../../src/govee/measurement.js'
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
