import { describe, it } from 'vitest'
import { throttleReports } from '../../src/govee/throttleReports.js'
import { marbles } from '../support/marbles.js'

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
}

describe('throttleReports', () => {
  it.each([
    ['says nothing for a source that never speaks', '-', '-'],
    ['completes with an empty source', '|', '|'],
    ['passes a single report at once', '-a------|', '-a------|'],
    ['sends the latest when the time is over', '-abc-----------|', '-a----c--------|'],
    ['starts over with each report it sends', '-ab----c-a--------|', '-a----b----a------|'],
    ['sends at once after a time of silence', '-a-------b------|', '-a-------b------|'],
    ['gives every device a time of its own', '-ax-by----------|', '-ax---by--------|'],
    ['passes an error on at once', '-ab-#', '-a--#'],
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
