import { defer, NEVER, type Observable, of } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { poll } from '../../src/operators/poll.js'
import { marbles } from '../../src/testing/marbles.js'
import { quietLog } from '../support/quietLog.js'

/** The first read gets the first source, the next one the next. */
const inTurn =
  <T>(...reads: Observable<T>[]) =>
  () =>
    reads.shift() ?? NEVER

const period = 5

describe('poll', () => {
  it.each([
    { name: 'says nothing while a read never answers', reads: ['-'], expected: '-' },
    { name: 'goes on after reads that say nothing', reads: ['|', '--|', 'a|'], expected: '----------a' },
    { name: 'reads at once', reads: ['a|'], expected: 'a' },
    { name: 'reads again every period', reads: ['a|', 'b|', 'c|'], expected: 'a----b----c' },
    { name: 'passes on what a read fails with', reads: ['a|', '-#'], expected: 'a-----#' },
    { name: 'passes all that a read says', reads: ['a-b|', '-cd|'], expected: 'a-b---cd' },
    { name: 'takes a burst in one frame one by one', reads: ['(abc|)', 'd|'], expected: '(abc)d' },
  ])('$name', ({ reads, expected }) =>
    marbles(({ cold, expectObservable }) => {
      const read = inTurn(...reads.map((line) => cold(line)))
      expectObservable(poll(period, read), '^-----------!').toBe(expected)
    }),
  )

  it.each([
    ['a number', 21.5],
    ['a text, in one piece', 'warm'],
    ['nothing', undefined],
    ['a reading', { destination: 'attic', value: 21.5 }],
  ])('takes %s as the value itself', (_, value) =>
    marbles(({ expectObservable }) => {
      expectObservable(
        poll(period, () => value),
        '^------!',
      ).toBe('a----a', { a: value })
    }),
  )

  it('goes on for ever', () =>
    marbles(({ expectObservable }) => {
      const leave = '   ^ 100s !'
      const expected = ' a 59999ms a 39999ms -'
      expectObservable(
        poll(60_000, () => of('a')),
        leave,
      ).toBe(expected)
    }))

  it('leaves the read and the clock when it is left', () =>
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const read$ = cold('---a')
      const leave = '    ^-!'
      expectObservable(
        poll(period, () => read$),
        leave,
      ).toBe('-')
      expectSubscriptions(read$.subscriptions).toBe('^-!')
    }))

  it('skips the ticks that come while the last read still runs', () =>
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const slow$ = cold('-------a|')
      const fast$ = cold('b|')
      const leave = '     ^-----------!'
      const expected = '  -------a--b'
      expectObservable(poll(period, inTurn(slow$, fast$)), leave).toBe(expected)
      expectSubscriptions(slow$.subscriptions).toBe('^-------!')
      expectSubscriptions(fast$.subscriptions).toBe('----------^!')
    }))

  it('says once that reads take longer than the period, and again after one was in time', () => {
    const log = quietLog()
    marbles(({ cold, expectObservable }) => {
      const slow = '-------a|'
      const reads = [slow, slow, 'b|', slow].map((line) => cold(line))
      const expected = '-------a---------a--b-----------a'
      expectObservable(poll(period, inTurn(...reads), { log }), '^---------------------------------!').toBe(
        expected,
      )
    })
    expect(log.warn.mock.calls).toEqual([
      ['reading takes longer than 0.005 s, the time between two: some are left out'],
      ['reading takes longer than 0.005 s, the time between two: some are left out'],
    ])
  })

  it('fails when a read has said nothing for the time-out', () =>
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const reads = [cold('--a|'), cold('---')] as const
      const expected = '--a-----#'
      const error = new Error('no answer within 0.003 s')
      expectObservable(poll(period, inTurn(...reads), { timeout: 3 })).toBe(expected, undefined, error)
      expectSubscriptions(reads[1].subscriptions).toBe('-----^--!')
    }))

  it('fails when a read cannot even begin', () =>
    marbles(({ expectObservable }) => {
      const read = (): Observable<string> => {
        throw new Error('gone')
      }
      expectObservable(poll(period, read)).toBe('#', undefined, new Error('gone'))
    }))

  it('reads a promise, too', async () => {
    const first = await new Promise((resolve, reject) => {
      const reading = poll(60_000, () => Promise.resolve('a')).subscribe({
        next: (value) => {
          reading.unsubscribe()
          resolve(value)
        },
        error: reject,
      })
    })
    expect(first).toBe('a')
  })

  it('reads for each subscriber apart', () =>
    marbles(({ expectObservable }) => {
      let count = 0
      const polled$ = poll(period, () => defer(() => of(String((count += 1)))))
      expectObservable(polled$, '^-!').toBe('1')
      expectObservable(polled$, '-^---!').toBe('-2')
    }))

  it('starts afresh, at once, when it is subscribed to again after a failure', () =>
    marbles(({ cold, expectObservable }) => {
      const polled$ = poll(period, inTurn<string>(cold('#'), cold('a|')))
      expectObservable(polled$).toBe('#')
      expectObservable(polled$, '--^-!').toBe('--a')
    }))
})
