import fc from 'fast-check'
import { mergeMap, of, repeat, take } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Measurement } from '../../src/ble/measurement.js'
import { observedReadings } from '../../src/ble/readings.js'
import { payload, type Reading, withdrawal } from '../../src/model.js'
import { jsonReading, jsonReports } from '../../src/mqtt/json.js'
import { refreshable } from '../../src/operators/refreshable.js'
import { deviceOf, observationOf } from '../ble/observationOf.js'
import { collect } from '../support/collect.js'
import { listener } from '../support/listener.js'
import { marbles } from '../../src/testing/marbles.js'
import { mosquitto, mosquittoMissing } from '../support/mosquitto.js'
import { startConnection } from './startConnection.js'

describe.skipIf(mosquittoMissing)('the format of a connection', () => {
  const at = 1_765_000_000_123

  const attic = { device: 'attic', at, decimals: 1 }

  const object = 'root/attic {"temperature_c":21,"humidity":50.2,"at":"2025-12-06T05:46:40.123Z"}'

  it.each([
    { format: 'json', plain: [] },
    { format: 'both', plain: ['root/attic/temp_c 21.0', 'root/attic/humi 50.2'] },
  ] as const)('$format says one object for each report, also on refresh', async ({ format, plain }) => {
    const broker = await mosquitto()
    await broker.start()
    const { sendReading } = startConnection({ port: broker.port, format })
    const { heard, until, client } = await listener(broker.port)
    await until('root/status ONLINE')
    sendReading({ ...attic, destination: 'attic/temp_c', value: 21 })
    sendReading({ ...attic, destination: 'attic/humi', value: 50.2 })
    await until(object)
    await client.publishAsync('root/refresh', 'now')
    await until(object, heard.indexOf(object) + 1)
    const said = heard.filter((message) => message.startsWith('root/attic'))
    expect(said).toEqual([...plain, object, ...plain, object])
  })
})

describe('jsonReading', () => {
  const at = 1_765_000_000_123

  const jsonOf = (...report: readonly [Reading, ...Reading[]]) =>
    JSON.parse(String(jsonReading(report).value)) as Record<string, unknown>

  const reportOf = (measurement: Partial<Measurement>) => {
    const [first, ...more] = observedReadings(observationOf(deviceOf(), measurement))
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
    [
      { brand: 'BTHome', event: { type: 'button', button: 2, action: 'double_press' }, battery: 3 },
      { event: { type: 'button', button: 2, action: 'double_press' }, battery: 3 },
    ],
    [
      { brand: 'BTHome', event: { type: 'dimmer', action: 'rotate_left', steps: 3 } },
      { event: { type: 'dimmer', action: 'rotate_left', steps: 3 } },
    ],
    [
      { brand: 'BTHome', event: { type: 'command', action: 'toggle' } },
      { event: { type: 'command', action: 'toggle' } },
    ],
    [
      {
        brand: 'BTHome',
        temperature_c: 21.7,
        events: [
          { type: 'button', button: 0, action: 'press' },
          { type: 'button', button: 2, action: 'hold_press' },
          { type: 'command', action: 'step_up', steps: 2 },
        ],
      },
      {
        temperature_c: 21.7,
        temperature_f: 71.1,
        events: [
          { type: 'button', button: 0, action: 'press' },
          { type: 'button', button: 2, action: 'hold_press' },
          { type: 'command', action: 'step_up', steps: 2 },
        ],
      },
    ],
    [
      { brand: 'BTHome', text: 'say "A"', raw: '4f4b', temperature_c_2: 3.5, door_open_2: true },
      { text: 'say "A"', raw: '4f4b', temperature_c_2: 3.5, temperature_f_2: 38.3, door_2: 'OPEN' },
    ],
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

describe('jsonReports', () => {
  const time = '1970-01-01T00:00:00.000Z'

  const reading = (device: string, topic: string, value: number): Reading => ({
    destination: `${device}/${topic}`,
    device,
    value,
    at: 0,
  })

  const json = (destination: string, said: object): Reading => ({
    destination,
    value: JSON.stringify({ ...said, at: time }),
    at: 0,
  })

  const t = reading('attic', 'temp_c', 21)

  const h = reading('attic', 'humi', 50)

  const c = reading('cellar', 'temp_c', 12)

  const d: Reading = { destination: 'door', value: 'OPEN', at: 0 }

  const e: Reading = { ...reading('attic', 'button', 1), event: true }

  const a: Reading = { ...reading('attic', 'button1', 1), value: 'long_press', event: true }

  const o: Reading = {
    destination: 'attic/status',
    value: 'OFFLINE',
    retain: true,
    device: 'attic',
    forgets: ['attic/temp_c'],
  }

  const k: Reading = { destination: 'lamp', value: 'ON', echo: true }

  const letters: Readonly<Record<string, Reading>> = {
    ...{ t, h, c, d, e, a, o, k },
    w: withdrawal(t),
    v: withdrawal(d),
    W: withdrawal({ destination: 'attic', device: 'attic', value: '' }),
    T: json('attic', { temperature_c: 21 }),
    B: json('attic', { temperature_c: 21, humidity: 50 }),
    C: json('cellar', { temperature_c: 12 }),
    F: json('attic', { humidity: 50 }),
    D: json('door', { value: 'OPEN' }),
    E: {
      ...json('attic', { humidity: 50, event: { type: 'button', button: 1, action: 'press' } }),
      event: true,
    },
    L: {
      ...json('attic', {
        humidity: 50,
        events: [
          { type: 'button', button: 1, action: 'press' },
          { type: 'button', button: 1, action: 'long_press' },
        ],
      }),
      event: true,
    },
    O: { ...o, forgets: ['attic/temp_c', 'attic'] },
  }

  it.each([
    { name: 'says nothing when nothing is said', source: '----', expected: '----' },
    { name: 'completes with an empty source', source: '--|', expected: '--|' },
    { name: 'makes one object of one reading', source: '-t--|', expected: '-T--|' },
    { name: 'makes one object of all that comes in one turn', source: '-(th)-', expected: '-B----' },
    { name: 'makes an object of each turn', source: '-t-t-c', expected: '-T-T-C' },
    { name: 'keeps devices apart', source: '-(thc)', expected: '-(BC)-' },
    { name: 'begins a new object when a destination comes again', source: '-(thth)', expected: '-(BB)--' },
    { name: 'says a reading without device by itself', source: '-(dth)', expected: '-(DB)-' },
    { name: 'says an event as one, with what came with it', source: '-(he)-t', expected: '-E----T' },
    { name: 'says several events of one report together', source: '-(heea)', expected: '-L' },
    { name: 'leaves states and echoes as they are', source: '-k-o-', expected: '-k-O-' },
    { name: 'leaves out of an object what is withdrawn', source: '-(wh)', expected: '-F---' },
    { name: 'withdraws an object of which nothing is left', source: '-w-', expected: '-W-' },
    { name: 'withdraws what has no device by itself', source: '-v-', expected: '-v-' },
    { name: 'says what belongs before a state before it', source: '-(to)', expected: '-(TO)' },
    { name: 'says the last object when the source completes', source: '-(th|)', expected: '-(B|)-' },
    { name: 'passes an error on', source: '-t-#', expected: '-T-#' },
  ])('with json $name', ({ source, expected }) =>
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold(source, letters)
      const end = '-------!'
      expectObservable(source$.pipe(jsonReports('json')), end).toBe(expected, letters)
      const over = source.search(/[|#]/)
      const frame = source.includes('(') && source.includes('|)') ? 1 : over
      expectSubscriptions(source$.subscriptions).toBe(
        over < 0 ? `^${end.slice(1)}` : `^${'-'.repeat(frame - 1)}!`,
      )
    }),
  )

  it.each([
    {
      name: 'says the readings at once and their object when all are there',
      source: '-(thc)-',
      expected: '-(thBcC)-',
    },
    {
      name: 'leaves a reading without device as it is, for both would share its topic',
      source: '-d-',
      expected: '-d-',
    },
    { name: 'says the last object when the source completes', source: '-(t|)', expected: '-(tT|)' },
  ])('with both $name', ({ source, expected }) =>
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold(source, letters).pipe(jsonReports('both'))).toBe(expected, letters)
    }),
  )

  it('with plain is not there at all', () =>
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('-(th)-d-|', letters).pipe(jsonReports('plain'))).toBe('-(th)-d-|', letters)
    }))

  it('takes a synchronous burst apart into its reports, and completes with it', () => {
    expect(collect(of(t, h, c, t, d).pipe(jsonReports('json')))).toEqual([
      letters['B'],
      letters['C'],
      letters['T'],
      letters['D'],
    ])
  })

  it('ends a source that is endless and synchronous when nobody listens any more', () => {
    expect(collect(of(t, h).pipe(repeat(), jsonReports('json'), take(3)))).toHaveLength(3)
  })

  it('is repeated by a refresh as the last report of the device, but not when it is an event or the device is gone', () =>
    marbles(({ hot, expectObservable }) => {
      const source = '  -r---e----o--'
      const refresh = ' ---x---x-x--x'
      const expected = '-B-B-E-B-BO--'
      const readings$ = hot(source, { r: [t, h], e: [h, e], o: [o] }).pipe(mergeMap((report) => report))
      expectObservable(readings$.pipe(jsonReports('json'), refreshable(hot(refresh)))).toBe(expected, letters)
    }))
})
