import { of, repeat, take } from 'rxjs'
import { describe, it } from 'vitest'
import type { Reading } from '../../src/model.js'
import { eachReading, throttleReadings, throttleReports } from '../../src/operators/throttleReadings.js'
import { marbles } from '../../src/testing/marbles.js'

const values: Record<string, Reading> = {
  a: { destination: 'attic', value: 21 },
  b: { destination: 'attic', value: 22 },
  c: { destination: 'attic', value: 23 },
  x: { destination: 'cellar', value: 9 },
  p: { destination: 'button', value: 1, event: true },
}

describe('throttleReadings', () => {
  it.each([
    ['says nothing about nothing', '-', '-'],
    ['completes with its source', '--|', '--|'],
    ['passes the first reading at once', '-a---------', '-a---------'],
    ['passes the latest when the period is over', '-a-b-c-----', '-a----c----'],
    ['keeps destinations apart', '-a-x-b-----', '-a-x--b----'],
    ['begins a period with every reading it passes', 'ab---------', 'a----b-----'],
    ['never holds back events', '-p-p-------', '-p-p-------'],
    ['gives what is held back its turn after the end', '-a-b-|', '-a----(b|)'],
    ['fails at once', '-a-b#', '-a--#'],
  ])('%s', (_, source, expected) =>
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold(source, values).pipe(throttleReadings(5)), '^----------!').toBe(expected, values)
    }),
  )

  it('lets go of its source at once when it is unsubscribed', () =>
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('-a-b-c-a-b-c', values)
      const until = '        ^----!      '
      const expected = '     -a----      '
      expectObservable(source$.pipe(throttleReadings(5)), until).toBe(expected, values)
      expectSubscriptions(source$.subscriptions).toBe(until)
    }))

  it('passes the first and the last of a burst', () =>
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('(abc|)', values).pipe(throttleReadings(5))).toBe('a----(c|)', values)
    }))
})

describe('eachReading', () => {
  const readings = {
    a: { destination: 'a', value: 1 },
    b: { destination: 'b', value: 2 },
    c: { destination: 'c', value: 3 },
  }

  const reports = {
    0: { device: 'attic', readings: [] },
    1: { device: 'attic', readings: [readings.a] },
    3: { device: 'attic', readings: [readings.a, readings.b, readings.c] },
  }

  it.each([
    ['says nothing for a source that never speaks', '-', '-'],
    ['completes with an empty source', '|', '|'],
    ['takes one reading out of a report of one', '-1-|', '-a-|'],
    ['takes many out in their order', '-3----3----|', '-(abc)(abc)|'],
    ['takes none out of an empty report', '-0-1-|', '---a-|'],
    ['passes an error on', '-1-#', '-a-#'],
    ['goes on with an endless source', '-1-1-', '-a-a-'],
    ['takes a synchronous burst apart', '(13|)', '(aabc|)'],
  ])('%s', (_, source, expected) =>
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold(source, reports).pipe(eachReading())).toBe(expected, readings)
    }),
  )

  it('leaves the source when it is left in the middle of a report', () =>
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot('-3-3-', reports)
      expectObservable(source$.pipe(eachReading(), take(2))).toBe('-(ab|)', readings)
      expectSubscriptions(source$.subscriptions).toBe('^!')
    }))

  it('can be left although the source never stops to breathe', () =>
    marbles(({ expectObservable }) => {
      const endless$ = of(reports[1]).pipe(repeat())
      expectObservable(endless$.pipe(eachReading(), take(2))).toBe('(aa|)', readings)
    }))
})

describe('throttleReports', () => {
  const report = (device: string, value: number, topic = 'temp_c') => ({
    device,
    readings: [{ destination: `govee/${device}/${topic}`, value }],
  })

  const reports = {
    a: report('attic', 1),
    b: report('attic', 2),
    c: report('attic', 3),
    x: report('cellar', 1),
    y: report('cellar', 2),
    w: {
      device: 'attic',
      readings: [{ destination: 'govee/attic/temp_c', value: '', forgets: ['govee/attic/temp_c'] }],
    },
  }

  it.each([
    ['says nothing for a source that never speaks', '-', '-'],
    ['completes with an empty source', '|', '|'],
    ['passes a single report at once', '-a------|', '-a------|'],
    ['sends the latest when the time is over', '-abc-----------|', '-a----c--------|'],
    ['starts over with each report it sends', '-ab----c-a--------|', '-a----b----a------|'],
    ['sends at once after a time of silence', '-a-------b------|', '-a-------b------|'],
    ['gives every device a time of its own', '-ax-by----------|', '-ax---by--------|'],
    ['passes an error on at once', '-ab-#', '-a--#'],
    [
      'lets what is withdrawn pass at once, and holds back no longer what was said before',
      '-ab-w--------',
      '-a--w--------',
    ],
    ['holds back what comes after it', '-a--wb-------', '-a--w-b------'],
    ['goes on with an endless source', 'ab-ab-ab-ab-', 'a----b----b-'],
    [
      'sends the first of a synchronous burst, and the last when the time is over',
      '(abc)-----|',
      'a----c----|',
    ],
    ['lets what is held back have its turn when the source completes', 'ab|', 'a----(b|)'],
  ])('%s', (_, source, expected) =>
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold(source, reports).pipe(throttleReports(5))).toBe(expected, reports)
    }),
  )

  it('leaves the source when it is left, and sends nothing any more', () =>
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot('-ab-----', reports)
      const leave = '      ---!'
      expectObservable(source$.pipe(throttleReports(5)), leave).toBe('-a-', reports)
      expectSubscriptions(source$.subscriptions).toBe('^--!')
    }))

  it('holds back the latest of every destination, since a packet may have only some of them', () =>
    marbles(({ cold, expectObservable }) => {
      const humidity = report('attic', 50, 'humi')
      const both = { device: 'attic', readings: [...reports.c.readings, ...humidity.readings] }
      const source$ = cold('abch-------|', { ...reports, h: humidity })
      const expected = '    a----2-----|'
      expectObservable(source$.pipe(throttleReports(5))).toBe(expected, { a: reports.a, 2: both })
    }))

  it('lets every event pass at once, and does not let it put off the rest', () =>
    marbles(({ cold, expectObservable }) => {
      const event = {
        device: 'attic',
        readings: [{ destination: 'govee/attic/button', value: 1, event: true as const }],
      }
      const both = { device: 'attic', readings: [...event.readings, ...reports.b.readings] }
      const values = { ...reports, e: event, 2: both }
      expectObservable(cold('-ae2ee------|', values).pipe(throttleReports(5))).toBe('-aeeeeb-----|', values)
      expectObservable(cold('-eeae-------|', values).pipe(throttleReports(5))).toBe('-ee-e-a-----|', values)
    }))
})
