import { take } from 'rxjs'
import { TestScheduler } from 'rxjs/testing'
import { describe, expect, test } from 'vitest'
import { keepWhileUnheard } from '../../src/operators/keepWhileUnheard.js'

const marbles = (test: Parameters<TestScheduler['run']>[0]) =>
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(test)

describe('keepWhileUnheard', () => {
  test.each([
    ['says nothing when its source never does', '-', '-', '^'],
    ['ends with an empty source', '--|', '--|', '^-!'],
    ['passes one value', '-a-|', '-a-|', '^--!'],
    ['passes many values', '-a-bc-|', '-a-bc-|', '^-----!'],
    ['fails with its source', '-a-#', '-a-#', '^--!'],
    ['passes a burst', '(abc|)', '(abc|)', '(^!)'],
  ])('%s', (_, source, expected, subscribed) => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold(source)
      expectObservable(source$.pipe(keepWhileUnheard(2))).toBe(expected)
      expectSubscriptions(source$.subscriptions).toBe(subscribed)
    })
  })

  test('does not begin before the first subscriber', () => {
    marbles(({ cold, expectSubscriptions }) => {
      const source$ = cold('-a-')
      const kept$ = source$.pipe(keepWhileUnheard(2))
      expect(kept$).toBeDefined()
      expectSubscriptions(source$.subscriptions).toBe([])
    })
  })

  // In each of these a first listener leaves, and a second comes later.
  test.each([
    {
      name: 'keeps what nobody heard for the next listener',
      source: '     -a-b-c------d|',
      first: '      ^-!',
      heardFirst: ' -a',
      second: '     --------^',
      heardSecond: '--------(bc)d|',
      subscribed: ' ^------------!',
    },
    {
      name: 'keeps only the latest, two here',
      source: '     -a-bcde------f',
      first: '      ^-!',
      heardFirst: ' -a',
      second: '     --------^',
      heardSecond: '--------(de)-f',
      subscribed: ' ^',
    },
    {
      name: 'keeps nothing that was heard',
      source: '     -a-----b-|',
      first: '      ^--!',
      heardFirst: ' -a',
      second: '     -----^',
      heardSecond: '-------b-|',
      subscribed: ' ^--------!',
    },
    {
      name: 'says what it kept and then ends when its source has ended',
      source: '     -a-b-|',
      first: '      ^-!',
      heardFirst: ' -a',
      second: '     --------^',
      heardSecond: '--------(b|)',
      subscribed: ' ^----!',
    },
    {
      name: 'says what it kept and then fails when its source has failed',
      source: '     -a-b-#',
      first: '      ^-!',
      heardFirst: ' -a',
      second: '     --------^',
      heardSecond: '--------(b#)',
      subscribed: ' ^----!',
    },
    {
      name: 'lets each of two listeners hear everything from its subscription on',
      source: '     -a-b-c-d-|',
      first: '      ^-----!',
      heardFirst: ' -a-b-c',
      second: '     --^',
      heardSecond: '---b-c-d-|',
      subscribed: ' ^--------!',
    },
  ])('$name', ({ source, first, heardFirst, second, heardSecond, subscribed }) => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold(source)
      const kept$ = source$.pipe(keepWhileUnheard(2))
      expectObservable(kept$, first).toBe(heardFirst)
      expectObservable(kept$, second).toBe(heardSecond)
      expectSubscriptions(source$.subscriptions).toBe(subscribed)
    })
  })

  test('keeps the rest of a burst that its listener leaves', () => {
    marbles(({ cold, expectObservable }) => {
      const kept$ = cold('(abcd)').pipe(keepWhileUnheard(10))
      expectObservable(kept$.pipe(take(1))).toBe('(a|)')
      expectObservable(kept$.pipe(take(2)), '--^').toBe('--(bc|)')
      expectObservable(kept$, '----^').toBe('----d')
    })
  })
})
