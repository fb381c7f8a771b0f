import { of, repeat, take } from 'rxjs'
import { describe, it } from 'vitest'
import { eachReading } from '../../src/govee/eachReading.js'
import { marbles } from '../support/marbles.js'

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

describe('eachReading', () => {
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
