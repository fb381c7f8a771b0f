import { concat, map, NEVER, of, range, take } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { heldFor } from '../../src/operators/heldFor.js'
import { collect } from '../support/collect.js'
import { marbles } from '../../src/testing/marbles.js'

const values = { o: true, x: false }

describe('heldFor', () => {
  it.each([
    { name: 'says nothing while nothing is said', source: '---', expected: '---', subs: '^--' },
    { name: 'completes with an empty source', source: '--|', expected: '--|', subs: '^-!' },
    { name: 'passes false at once', source: '-x-|', expected: '-x-|', subs: '^--!' },
    { name: 'passes true when it has lasted', source: '-o-----|', expected: '----o--|', subs: '^------!' },
    { name: 'passes no true that has not', source: '-o-x---|', expected: '---x---|', subs: '^------!' },
    {
      name: 'begins anew when it was interrupted',
      source: '-o-xo----|',
      expected: '---x---o-|',
      subs: '^--------!',
    },
    {
      name: 'does not begin anew with every true',
      source: '-oooo--|',
      expected: '----o--|',
      subs: '^------!',
    },
    { name: 'passes changes only', source: '-xx-o---oxx|', expected: '-x-----o-x-|', subs: '^----------!' },
    { name: 'fails at once', source: '-o-#', expected: '---#', subs: '^--!' },
    {
      name: 'drops what has not lasted when the source ends',
      source: '-x-o|',
      expected: '-x--|',
      subs: '^---!',
    },
    { name: 'goes on with an endless source', source: '-x-o---', expected: '-x----o', subs: '^------' },
    { name: 'looks at the last of a burst', source: '(xoxo)---', expected: 'x--o', subs: '^--------' },
  ])('$name', ({ source, expected, subs }) =>
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold(source, values)
      expectObservable(source$.pipe(heldFor(3))).toBe(expected, values)
      expectSubscriptions(source$.subscriptions).toBe(subs)
    }),
  )

  it('leaves the clock when it is left', () =>
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('-o', values).pipe(heldFor(3)), '^--!').toBe('-')
    }))

  it('can be left in the middle of a burst that never ends', () => {
    const flicker$ = range(0, Infinity).pipe(map((count) => count % 2 === 1))
    expect(collect(concat(flicker$, NEVER).pipe(heldFor(1000), take(1)))).toEqual([false])
    expect(collect(of(true).pipe(heldFor(1000)))).toEqual([])
  })
})
