import { map, NEVER, range, take } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { linkOrders } from '../../src/operators/linkOrders.js'
import { marbles } from '../../src/testing/marbles.js'
import { collect } from '../support/collect.js'

const links = { t: true, f: false }
const words = { o: 'OFF', n: 'ON', x: 'STOP' }
const was = () => 'ON'

describe('linkOrders', () => {
  it.each([
    { name: 'says nothing for a source that never speaks', source: '---', expected: '---' },
    { name: 'completes with an empty source', source: '         --|', expected: '--|' },
    { name: 'says nothing at the start', source: '              f-t-|', expected: '----|' },
    { name: 'takes who was never there for nobody lost', source: '-f-f-|', expected: '-----|' },
    { name: 'says what is to be when it is lost', source: '     t--f-|', expected: '---o-|' },
    { name: 'says it once', source: '                            t--f-f|', expected: '---o--|' },
    { name: 'says as it was when it is back', source: '          t--f-t|', expected: '---o-n|' },
    { name: 'passes an error on', source: '                      t-#', expected: '--#' },
    { name: 'takes a burst in one frame', source: '              (tft|)', expected: '(on|)' },
  ])('$name', ({ source, expected }) =>
    marbles(({ cold, expectObservable }) => {
      const orders$ = cold(source, links).pipe(linkOrders({ lost: 'OFF', resume: true }, was))
      expectObservable(orders$).toBe(expected, words)
    }),
  )

  it('says what is to be when it is back, whatever there was', () =>
    marbles(({ cold, expectObservable }) => {
      const orders$ = cold('t-f-t-f-t', links).pipe(linkOrders({ found: 'STOP', resume: true }, was))
      expectObservable(orders$).toBe('----x---x', words)
    }))

  it('says nothing of a state that nobody knows', () =>
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('t-f-t', links).pipe(linkOrders({ resume: true }, () => undefined))).toBe('-----')
    }))

  it('ends a source that is endless and synchronous when nobody listens any more', () => {
    const endless$ = range(0, Infinity).pipe(map((count) => count % 2 === 0))
    expect(collect(endless$.pipe(linkOrders({ lost: 'OFF' }, was), take(3)))).toEqual(['OFF', 'OFF', 'OFF'])
  })

  it('leaves nothing running behind when it is unsubscribed from', () =>
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('t-f---t', links)
      expectObservable(source$.pipe(linkOrders({ lost: 'OFF' }, was)), '^----!').toBe('--o', words)
      expectSubscriptions(source$.subscriptions).toBe('^----!')
    }))

  it('has nothing to say where nothing is wanted', () =>
    marbles(({ expectObservable }) => {
      expectObservable(NEVER.pipe(linkOrders({}, was))).toBe('---')
    }))
})
