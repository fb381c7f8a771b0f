import { of } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { onlyChanges } from '../../src/operators/onlyChanges.js'
import { allOf } from '../ble/allOf.js'
import { marbles } from '../../src/testing/marbles.js'

const readings = {
  a: { destination: 'attic', value: 21 },
  b: { destination: 'attic', value: 22 },
  c: { destination: 'cellar', value: 21 },
  e: { destination: 'button', value: 1, event: true as const },
}

describe('onlyChanges', () => {
  it.each([
    ['says nothing for a source that never speaks', '-', '-'],
    ['completes with an empty source', '|', '|'],
    ['passes a single reading', '-a-|', '-a-|'],
    ['drops what was said before', '-aaba|', '-a-ba|'],
    ['compares each destination with itself', '-acac|', '-ac--|'],
    ['passes every event, the same again though it be', '-ee-e|', '-ee-e|'],
    ['passes an error on', '-aa#', '-a-#'],
    ['goes on with an endless source', '-ab-ba-', '-ab--a-'],
    ['takes a synchronous burst one by one', '(aabca|)', '(abca|)'],
  ])('%s', (_, source, expected) =>
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold(source, readings).pipe(onlyChanges())).toBe(expected, readings)
    }),
  )

  it('leaves the source when it is left', () =>
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot(' -a-b-a-', readings)
      const leave = '       ----!'
      expectObservable(source$.pipe(onlyChanges()), leave).toBe('-a-b', readings)
      expectSubscriptions(source$.subscriptions).toBe('^---!')
    }))

  it('repeats a value with the first reading that comes within ms or more after it was sent', () =>
    marbles(({ cold, expectObservable }) => {
      const source = '  a-a-a-a-a-a-a-|'
      const expected = 'a-----a-----a-|'
      expectObservable(cold(source, readings).pipe(onlyChanges(5))).toBe(expected, readings)
    }))

  it('counts that time from the change', () =>
    marbles(({ cold, expectObservable }) => {
      const source = '  a--b--b-b-|'
      const expected = 'a--b----b-|'
      expectObservable(cold(source, readings).pipe(onlyChanges(5))).toBe(expected, readings)
    }))

  it('starts afresh for every subscriber', async () => {
    const changes$ = of(readings.a, readings.a).pipe(onlyChanges())
    expect(await allOf(changes$)).toEqual([readings.a])
    expect(await allOf(changes$)).toEqual([readings.a])
  })
})
