import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { goveeReadings } from '../../src/govee/goveeReadings.js'
import type { Measurement } from '../../src/govee/measurement.js'
import type { Reading } from '../../src/model.js'
import { jsonReading } from '../../src/mqtt/jsonReading.js'
import { payload } from '../../src/mqtt/payload.js'
import { deviceOf, observationOf } from '../govee/observationOf.js'

const at = 1_765_000_000_123
const jsonOf = (...report: readonly [Reading, ...Reading[]]) =>
  JSON.parse(String(jsonReading(report).value)) as Record<string, unknown>
const reportOf = (measurement: Partial<Measurement>) => {
  const [first, ...more] = goveeReadings(observationOf(deviceOf(), measurement))
  if (!first) throw new Error('expected at least one reading')
  return jsonOf({ ...first, at }, ...more.map((reading) => ({ ...reading, at })))
}
const time = '2025-12-06T05:46:40.123Z'
const attic = { destination: 'attic/temp_c', device: 'attic', value: 21.7, decimals: 1 }

/** A number, or another word, at its place in the JSON as the topics spell it. */
function topicsIn(json: Record<string, unknown>, path = ''): [topic: string, word: string | number][] {
  const topics: Readonly<Record<string, string>> = {
    temperature_c: 'temp_c',
    temperature_f: 'temp_f',
    humidity: 'humi',
  }
  return Object.entries(json).flatMap(([name, value]) => {
    if (name === 'at' && path === '') return []
    if (name === 'probes') {
      const probes = Object.entries(value as Record<string, Record<string, unknown>>)
      return probes.flatMap(([number, probe]) => topicsIn(probe, `probe${number}/`))
    }
    if (typeof value === 'object') return topicsIn(value as Record<string, unknown>, `${path}${name}/`)
    return [[`${path}${topics[name] ?? name}`, value as string | number]]
  })
}

describe('jsonReading', () => {
  it('names the values as decode does, with the time, on the topic of the device', () => {
    expect(
      jsonReading([
        { ...attic, at },
        { ...attic, destination: 'attic/humi', value: 50.2, at },
      ]),
    ).toEqual({
      destination: 'attic',
      value: `{"temperature_c":21.7,"humidity":50.2,"at":"${time}"}`,
      at,
    })
  })

  it.each([
    [
      { probes: { 2: { temperature_c: 21, humidity: 40 } }, decimals: 1 },
      { probes: { 2: { temperature_c: 21, temperature_f: 69.8, humidity: 40 } } },
    ],
    [
      { sensor: 'remote', temperature_c: -0.04, battery: 90, decimals: 1 },
      { remote: { temperature_c: 0, temperature_f: 31.9, battery: 90 } },
    ],
    [
      { co2: 574, window_open: true, occupancy: false },
      { co2: 574, door: 'OPEN', presence: 'OFF' },
    ],
    [
      { event: { type: 'button', button: 0, action: 'press' }, battery: 3 },
      { event: { type: 'button', button: 0, action: 'press' }, battery: 3 },
    ],
    [{ event: { type: 'vibration' } }, { event: { type: 'vibration' } }],
  ] satisfies [Partial<Measurement>, object][])('says %j as %j', (measurement, json) => {
    expect(reportOf(measurement)).toEqual({ ...json, at: time })
  })

  it('is of the time of the newest reading, of now when they say none or none that is a time', () => {
    expect(
      jsonReading([
        { ...attic, at: 5 },
        { ...attic, at },
      ]).at,
    ).toBe(at)
    for (const strange of [undefined, NaN, 1e20]) {
      const before = Date.now()
      const reading = jsonReading([strange === undefined ? attic : { ...attic, at: strange }])
      expect(reading.at).toBeGreaterThanOrEqual(before)
      expect(reading.value).toContain(new Date(reading.at ?? 0).toISOString())
    }
  })

  it('goes where its readings go, delivered as they are, and is an event when one of them is', () => {
    const delivery = { qos: 1 } as const
    const addressed = { ...attic, to: ['home'], delivery }
    expect(jsonReading([addressed])).toMatchObject({ to: ['home'], delivery })
    expect(jsonReading([addressed])).not.toHaveProperty('event')
    expect(jsonReading([addressed, { ...addressed, destination: 'attic/button', event: true }]).event).toBe(
      true,
    )
  })

  it('says a reading without device as a value on its own topic', () => {
    expect(jsonReading([{ destination: 'hall/door', value: true, at }])).toEqual({
      destination: 'hall/door',
      value: `{"value":"true","at":"${time}"}`,
      at,
    })
    expect(jsonOf({ destination: 'hall/bell', value: 'say "A"\n', event: true, at }).value).toBe('say "A"\n')
    expect(jsonOf({ destination: 'hall/load', value: NaN, at }).value).toBe('NaN')
  })

  it('says just what the topics say', () => {
    const topic = fc.constantFrom(
      'temp_c',
      'temp_f',
      'humi',
      'battery',
      'co2',
      'probe1/temp_c',
      'probe12/humi',
      'remote/temp_c',
      'remote/battery',
      'door',
    )
    const value = fc.oneof(
      fc.double(),
      fc.string(),
      fc.boolean(),
      fc.double({ min: -50, max: 50, noNaN: true }),
    )
    const reading = fc.record({ topic, value, decimals: fc.option(fc.nat(2), { nil: undefined }) })
    fc.assert(
      fc.property(fc.uniqueArray(reading, { minLength: 1, selector: (each) => each.topic }), (report) => {
        const [first, ...more] = report.map(({ topic, value, decimals }): Reading => ({
          destination: `attic/${topic}`,
          device: 'attic',
          value,
          at,
          ...(decimals !== undefined && { decimals }),
        }))
        if (!first) return
        const said = new Map(topicsIn(jsonOf(first, ...more)))
        expect([...said.keys()].sort()).toEqual(report.map(({ topic }) => topic).sort())
        for (const plain of [first, ...more]) {
          const word = said.get(plain.destination.slice(6))
          if (typeof word === 'number') expect(word).toBe(Number(payload(plain)))
          else expect(word).toBe(payload(plain))
          expect(Object.is(word, -0)).toBe(false)
        }
      }),
    )
  })
})
