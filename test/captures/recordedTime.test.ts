import { asyncScheduler, concat, from, map, toArray } from 'rxjs'
import { TestScheduler } from 'rxjs/testing'
import { describe, expect, test } from 'vitest'
import { recordedTime } from '../../src/captures/recordedTime.js'

const start = 1_765_000_000_000
const day = 86_400_000
const items = {
  a: { at: start },
  b: { at: start + 2 },
  c: { at: start + 7 },
  d: { at: start + day },
  e: { at: start - day },
  f: { at: start - day + 7 },
  n: {},
}

describe('recorded time', () => {
  test.each([
    ['keeps the gaps of the recording', 1, '   (abc|)', 'a-b----(c|)'],
    ['plays half as fast at speed 0.5', 0.5, ' (abc|)', 'a---b---------(c|)'],
    ['waits for nothing that is too short', 1e9, '(ac|)', '(ac|)'],
    ['passes what has no time at once', 1, '   (annc|)', '(ann)--(c|)'],
    ['begins anew where time goes back', 1, '  (aef|)', '(ae)---(f|)'],
    ['waits 10 minutes at most, whatever the clock was set to', 1, '(ad|)', 'a 599999ms (d|)'],
    ['does not hurry what comes late already', 1, 'a 9ms (b|)', 'a 9ms (b|)'],
    ['makes good for what came late', 1, ' a-----(bc|)', 'a-----b(c|)'],
    ['says nothing of its own', 1, '-', '-'],
    ['ends with its source', 1, '--|', '--|'],
    ['fails with its source', 1, '--#', '--#'],
  ])('%s', (_, speed, source, expected) => {
    marbles(({ cold, expectObservable }) => {
      const source$ = cold(source, items)
      expectObservable(source$.pipe(recordedTime(speed))).toBe(expected, items)
    })
  })

  test('keeps time where the gaps are shorter than a timer can be', () => {
    marbles(({ expectObservable }) => {
      const dense$ = from([0, 5, 10, 15, 20, 25]).pipe(map((time) => ({ at: time })))
      const times$ = dense$.pipe(
        recordedTime(10),
        map(() => asyncScheduler.now()),
        toArray(),
      )
      expectObservable(times$).toBe('--(x|)', { x: [0, 0, 1, 1, 2, 2] })
    })
  })

  test('stops when unsubscribed', () => {
    marbles(({ cold, expectObservable }) => {
      const source = '       (abc|)'
      const unsubscribed = ' ----!'
      const expected = '     a-b--'
      expectObservable(cold(source, items).pipe(recordedTime(1)), unsubscribed).toBe(expected, items)
    })
  })

  test('goes on from one piece of a recording to the next', () => {
    marbles(({ cold, expectObservable }) => {
      const paced = recordedTime<{ at?: number }>(1)
      const pieces$ = concat(cold('(ab|)', items).pipe(paced), cold('(c|)', items).pipe(paced))
      expectObservable(pieces$).toBe('a-b----(c|)', items)
    })
  })
})

function marbles(test: Parameters<TestScheduler['run']>[0]) {
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(test)
}
