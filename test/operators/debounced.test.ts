import { describe, it } from 'vitest'
import { debounced } from '../../src/operators/debounced.js'
import { marbles } from '../../src/testing/marbles.js'

describe('debounced', () => {
  it.each([
    ['says nothing for a source that never speaks', '-', '-', '^'],
    ['completes with an empty source', '--|', '--|', '^-!'],
    ['passes the first value at once', '--a-----', '--a-----', '^-------'],
    ['passes each further one when it has stayed', '-a-b----a---', '-a----b----a', '^-----------'],
    ['leaves out what does not stay', '-a-b-a-b-a----', '-a------------', '^-------------'],
    ['waits for what is under way when the source ends', '-a-b|', '-a----(b|)', '^---!'],
    ['fails with the source at once', '-a-b#', '-a--#', '^---!'],
    ['takes the last of a synchronous burst, beside the first', '(abc)', 'a--c', '^---'],
  ])('%s', (_, source, expected, subs) =>
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold(source)
      expectObservable(source$.pipe(debounced(3))).toBe(expected)
      expectSubscriptions(source$.subscriptions).toBe(subs.replace(/\^-*$/, '^'))
    }),
  )

  it('leaves an endless source when it is left, with what was under way', () =>
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot('-a-b-----')
      const leave = '      ^---!'
      expectObservable(source$.pipe(debounced(3)), leave).toBe('-a')
      expectSubscriptions(source$.subscriptions).toBe(leave)
    }))
})
