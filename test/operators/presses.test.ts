import { map, timestamp } from 'rxjs'
import { describe, it } from 'vitest'
import { presses } from '../../src/operators/presses.js'
import { marbles } from '../../src/testing/marbles.js'

const button = { p: true, r: false }

describe('presses', () => {
  it.each([
    ['says nothing of a button that never changes', '-', '-'],
    ['completes with an empty source', '|', '|'],
    ['says short of a press that is not held for long, when it ends', '-p---r-|', '-----s-|'],
    ['says long of one that is', '-p-------r-|', '---------l-|'],
    ['says of each press what it was', '-p---r-p------r-p--r-', '-----s--------l----s-'],
    ['leaves out what is too short', '-p-r--p--r-', '---------s-'],
    ['says nothing of a release whose press it has not seen', '-r---p--r-', '--------s-'],
    ['says nothing of a press that does not end', '-p---|', '-----|'],
    ['fails with the source', '-p--#', '----#'],
    ['says nothing of a synchronous burst, for it takes no time', '(prpr|)', '|'],
  ])('%s', (_, source, expected) =>
    marbles(({ cold, expectObservable }) => {
      const changes$ = cold(source, button).pipe(
        timestamp(),
        map(({ value, timestamp }) => ({ pressed: value, at: timestamp })),
      )
      expectObservable(
        changes$.pipe(
          presses(2, 6),
          map(({ kind }) => kind[0]),
        ),
      ).toBe(expected)
    }),
  )

  it('says how long the button was held and when it was let go', () =>
    marbles(({ cold, expectObservable }) => {
      const changes = { a: { pressed: true, at: 1000 }, b: { pressed: false, at: 2500 } }
      expectObservable(cold('-a-b', changes).pipe(presses(0))).toBe('---s', {
        s: { kind: 'short', length: 1500, at: 2500 },
      })
    }))

  it('leaves its source when it is left', () =>
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const changes$ = hot('-a-b-', { a: { pressed: true, at: 1 }, b: { pressed: false, at: 3 } })
      expectObservable(changes$.pipe(presses(0)), '^-!').toBe('-')
      expectSubscriptions(changes$.subscriptions).toBe('^-!')
    }))
})
