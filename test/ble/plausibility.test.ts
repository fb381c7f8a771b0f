import fc from 'fast-check'
import { filter, from } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { decodeGovee } from '../../src/ble/formats/govee/families.js'
import { govee } from '../../src/ble/formats/govee/govee.js'
import type { Measurement } from '../../src/ble/measurement.js'
import { isPlausible, isRepeated, type Observation } from '../../src/ble/plausibility.js'
import { marbles } from '../../src/testing/marbles.js'
import { advertisementOf } from './advertisementOf.js'
import { allOf } from './allOf.js'
import { encrypted } from './encrypted.js'
import { deviceOf, observationOf } from './observationOf.js'

const plausible = (observation: Observation) => isPlausible(observation, govee)

const fresh = (observation: Observation) => !isRepeated(observation)

type Measured = Record<string, Partial<Measurement>>

/** The same measurements at a device of their own, so that the tests do not remember each other. */
function heard(measured: Measured) {
  const device = deviceOf()
  return Object.fromEntries(
    Object.entries(measured).map(([letter, measurement]) => [letter, observationOf(device, measurement)]),
  )
}

// What a user saw in the app, and the packet that came between (H5104).
const torn = {
  a: { temperature_c: 19.6, humidity: 59.4 },
  b: { temperature_c: 19.5, humidity: 62.2 },
  T: { temperature_c: 26.1, humidity: 15.8 },
  U: { temperature_c: 26.1, humidity: 15.9 },
}

// A freezer and its thermometer: T and W are the values of the other probe.
const probes = {
  a: { probes: { 1: { temperature_c: 4.9, humidity: 16.8 } } },
  b: { probes: { 1: { temperature_c: 5, humidity: 16.8 } } },
  c: { probes: { 2: { temperature_c: -18.5 } } },
  d: { probes: { 2: { temperature_c: -18.4 } } },
  T: { probes: { 1: { temperature_c: -18.5, humidity: 16.8 } } },
  W: { probes: { 2: { temperature_c: 4.9 } } },
  x: { probes: { 1: { temperature_c: -2, humidity: 16.8 } } },
}

const cases: [name: string, measured: Measured, source: string, expected: string][] = [
  ['says nothing for a source that never speaks', torn, '-', '-'],
  ['completes with an empty source', torn, '|', '|'],
  ['passes a single measurement', torn, '-T|', '-T|'],
  ['passes an error on', torn, '-a#', '-a#'],
  ['goes on with an endless source', torn, '-abT-abT', '-ab--ab'],
  ['takes a synchronous burst one by one', torn, '(abTa|)', '(aba|)'],
  ['holds a torn value back', torn, '-a-T-b-|', '-a---b-|'],
  ['passes what it held back when the next one says the same', torn, '-a-T-U-U-b|', '-a---U-U--|'],
  ['passes it even if the next one is equal to the last bit', torn, '-a-T-T-|', '-a---T-|'],
  ['recovers from a torn value that came first', torn, '-T-a-b-|', '-T---b-|'],
  ['never holds two in a row back', torn, '-a-T-T-a-a-T', '-a---T---a'],
  ['holds the value of the other probe back', probes, '-ac-T-bd|', '-ac---bd|'],
  ['does so for either probe', probes, '-ac-W-ad|', '-ac---ad|'],
  ['passes it when the next one of that probe says the same', probes, '-ac-T-c-T|', '-ac---c-T|'],
  ['passes a change to a value that neither probe had', probes, '-ac-x-|', '-ac-x-|'],
  ['cannot tell before it knows both probes', probes, '-a-T-|', '-a-T-|'],
]

describe('isPlausible', () => {
  it.each(cases)('%s', (_, measured, source, expected) =>
    marbles(({ cold, expectObservable }) => {
      const values = heard(measured)
      expectObservable(cold(source, values).pipe(filter(plausible))).toBe(expected, values)
    }),
  )

  it('leaves the source when it is left', () =>
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const values = heard(torn)
      const source$ = hot('-a-b-a-', values)
      const leave = '      ----!'
      expectObservable(source$.pipe(filter(plausible)), leave).toBe('-a-b', values)
      expectSubscriptions(source$.subscriptions).toBe('^---!')
    }))

  it('knows every device by itself', async () => {
    const sources = [observationOf(deviceOf(), torn.a), observationOf(deviceOf(), torn.T)]
    expect(await allOf(from(sources).pipe(filter(plausible)))).toEqual(sources)
  })

  it('knows the remote of a device of two parts by itself', async () => {
    const device = deviceOf()
    const sources = [
      observationOf(device, torn.a),
      observationOf(device, { ...torn.T, sensor: 'remote' }),
      observationOf(device, { ...torn.T, sensor: 'remote' }),
    ]
    expect(await allOf(from(sources).pipe(filter(plausible)))).toEqual(sources)
  })

  it.each<[string, number[], number[], Partial<Measurement>?]>([
    ['the same jump far from a multiple of 65536', [22, 50], [28.5, 100]],
    ['half of the jump', [19.6, 59.4], [22.8, 40]],
    ['a change of sign', [3.2, 50], [-3.3, 50]],
    ['measurements of another layout', [19.6, 59.4], [26.1, 15.8], { pm25: 0 }],
    ['measurements in hundredths', [19.6, 59.4], [26.1, 15.8], { decimals: 2 }],
  ])('passes %s', async (_, before, after, other = {}) => {
    const device = deviceOf()
    const sources = [before, after].map(([temperature_c, humidity]) =>
      observationOf(device, { temperature_c, humidity, ...other }),
    )
    expect(await allOf(from(sources).pipe(filter(plausible)))).toEqual(sources)
  })

  it.each([6.5, 13.1, 19.6, 26.2, 32.7, -6.5, -13.1])('knows torn values at %d °C', async (temperature_c) => {
    const device = deviceOf()
    const units = (value: number) => {
      const size = Math.abs(value)
      return {
        temperature_c: (Math.trunc(size / 1000) / 10) * Math.sign(value),
        humidity: (size % 1000) / 10,
      }
    }
    const near = Math.round(temperature_c * 10) * 1000 + 300 * Math.sign(temperature_c)
    const sources = [near, near + 65_536 * Math.sign(near), near].map((value) =>
      observationOf(device, units(value)),
    )
    expect(await allOf(from(sources).pipe(filter(plausible)))).toEqual([sources[0], sources[2]])
  })

  it('never holds two of one place in a row back', async () => {
    const place = fc.constantFrom<Partial<Measurement>>({}, { sensor: 'remote' })
    const measured = fc.record({
      tenths: fc.oneof(fc.integer({ min: -400, max: 1000 }), fc.constantFrom(195, 196, 261, 130)),
      humidity: fc.integer({ min: 0, max: 999 }),
      place,
    })
    await fc.assert(
      fc.asyncProperty(fc.array(measured, { maxLength: 50 }), async (measurements) => {
        const device = deviceOf()
        const sources = measurements.map(({ tenths, humidity, place }) =>
          observationOf(device, { temperature_c: tenths / 10, humidity: humidity / 10, ...place }),
        )
        const passed = new Set(await allOf(from(sources).pipe(filter(plausible))))
        for (const sensor of [undefined, 'remote']) {
          const own = sources.filter(({ measurement }) => measurement.sensor === sensor)
          own.slice(1).forEach((observation, index) => {
            const before = own[index]
            expect(passed.has(observation) || (before && passed.has(before))).toBe(true)
          })
        }
      }),
      { numRuns: 300 },
    )
  })
})

const press = (nonce: number, device = deviceOf()) => {
  const advertisement = advertisementOf({
    manufacturerData: ['88ec0108f30ad232393756340105', encrypted(8, 100, 0, nonce)],
  })
  return { ...observationOf(device, decodeGovee(advertisement) ?? {}), advertisement }
}

function presses() {
  const device = deviceOf()
  return { a: press(1, device), b: press(2, device), z: press(1), w: observationOf(device, {}) }
}

describe('isRepeated', () => {
  it.each([
    ['says nothing for a source that never speaks', '-', '-'],
    ['completes with an empty source', '|', '|'],
    ['passes a single event', '-a|', '-a|'],
    ['drops repeats of an event', '-aaa-a|', '-a----|'],
    ['passes the next event, the same button though it be', '-aa-b-b|', '-a--b--|'],
    ['drops a repeat that was overtaken by the next event', '-aab-ab|', '-a-b---|'],
    ['passes the event of another device', '-aza-z|', '-az---|'],
    ['passes what is not encrypted, again and again', '-aw-w|', '-aw-w|'],
    ['passes an error on', '-aa#', '-a-#'],
    ['goes on with an endless source', '-aa-b-', '-a--b-'],
    ['takes a synchronous burst one by one', '(aabb|)', '(ab|)'],
  ])('%s', (_, source, expected) =>
    marbles(({ cold, expectObservable }) => {
      const values = presses()
      expectObservable(cold(source, values).pipe(filter(fresh))).toBe(expected, values)
    }),
  )

  it('leaves the source when it is left', () =>
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const values = presses()
      const source$ = hot(' -a-b-', values)
      const leave = '       --!'
      expectObservable(source$.pipe(filter(fresh)), leave).toBe('-a', values)
      expectSubscriptions(source$.subscriptions).toBe('^-!')
    }))

  const numbered = (device = deviceOf()) => ({
    a: observationOf(device, { packet: 255 }),
    b: observationOf(device, { packet: 0x100 }),
  })

  it('passes a number of one byte again after 4 s, and drops a longer one at any time', () =>
    marbles(({ cold, expectObservable }) => {
      const values = numbered()
      expectObservable(cold('a 3998ms a 3998ms a 3999ms a-b 60m b|', values).pipe(filter(fresh))).toBe(
        'a 11997ms a-b 60m -|',
        values,
      )
    }))

  it('drops what comes up to a quarter of all numbers behind within 4 s: it is late, and others pass', () =>
    marbles(({ cold, expectObservable }) => {
      const device = deviceOf()
      const numbers = { a: 3, b: 2, c: 195, d: 194 }
      const values = Object.fromEntries(
        Object.entries(numbers).map(([letter, packet]) => [
          letter,
          observationOf(device, { packet, packetSize: 256 }),
        ]),
      )
      expectObservable(cold('abc-d 3999ms b', values).pipe(filter(fresh))).toBe('a---d 3999ms b', values)
      const other = Object.fromEntries(
        Object.entries({ a: 3, b: 2 }).map(([letter, packet]) => [
          letter,
          observationOf(deviceOf(), { packet }),
        ]),
      )
      expectObservable(cold('ab', other).pipe(filter(fresh))).toBe('ab', other)
    }))

  it('drops what somebody recorded and sends again, however late: a counter that does not rise', () =>
    marbles(({ cold, expectObservable }) => {
      const device = deviceOf()
      const values = Object.fromEntries(
        [5, 6, 7].map((counter) => [counter, observationOf(device, { counter })]),
      )
      expectObservable(cold('655-7-6 36000s 5', values).pipe(filter(fresh))).toBe('6---7--', values)
    }))

  it('hears a device again whose counter starts over, as with new batteries, a minute after its last word', () =>
    marbles(({ cold, expectObservable }) => {
      const device = deviceOf()
      const counters = { a: 70_000, b: 70_001, c: 256, d: 1, e: 2 }
      const values = Object.fromEntries(
        Object.entries(counters).map(([letter, counter]) => [letter, observationOf(device, { counter })]),
      )
      expectObservable(cold('bd 59997ms d d 36000s ac d-e', values).pipe(filter(fresh))).toBe(
        'b- 59997ms - d 36000s a',
        values,
      )
    }))

  it('knows what is new by a counter of one byte, which starts over, until nothing new came for five minutes', () =>
    marbles(({ cold, expectObservable }) => {
      const device = deviceOf()
      const counters = { b: 254, c: 255, d: 0, e: 1 }
      const values = Object.fromEntries(
        Object.entries(counters).map(([letter, counter]) => [
          letter,
          observationOf(device, { counter, counterSize: 256 }),
        ]),
      )
      expectObservable(cold('bcbcded-c-b 4m b 4m b', values).pipe(filter(fresh))).toBe(
        'bc--de- 4m 4ms - 4m b',
        values,
      )
    }))

  it('drops what resolves less while the same device says what resolves more, and for a minute after', () =>
    marbles(({ cold, expectObservable }) => {
      const device = deviceOf()
      const values = {
        f: observationOf(device, { coarse: false }),
        c: observationOf(device, { coarse: true }),
      }
      expectObservable(cold('cfcf 59s c 1s c', values).pipe(filter(fresh))).toBe('cf-f 59s - 1s c', values)
    }))

  it('remembers the latest nonces only, for a device with new batteries may count from the start', async () => {
    const device = deviceOf()
    const counted = [1, 2, 3, 4, 5, 6, 7, 8, 9, 1].map((nonce) => press(nonce, device))
    expect(await allOf(from(counted).pipe(filter(fresh)))).toEqual(counted)
  })
})
