import { describe, it } from 'vitest'
import { pulse } from '../../src/operators/pulse.js'
import { marbles } from '../../src/testing/marbles.js'

const states = { o: true, x: false }

describe('pulse', () => {
  it.each([
    ['says nothing without a command', '-', '-'],
    ['completes with an empty source', '|', '|'],
    ['says on for a command and off after a while', '-c-----', '-o--x--'],
    ['does so for each', '-c-----c-----', '-o--x--o--x--'],
    ['ignores what comes meanwhile', '-ccc----', '-o--x---'],
    ['ends what it has begun when the source completes', '-c|', '-o--(x|)'],
    ['fails with the source', '-c#', '-o#'],
    ['takes a synchronous burst for one', '(ccc)---', 'o--x----'],
  ])('%s', (_, source, expected) =>
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold(source).pipe(pulse(3))).toBe(expected, states)
    }),
  )

  it('leaves an endless source when it is left, and what it has begun', () =>
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const commands$ = hot('-c-c-c-c')
      const leave = '        ^--!'
      expectObservable(commands$.pipe(pulse(3)), leave).toBe('-o', states)
      expectSubscriptions(commands$.subscriptions).toBe(leave)
    }))
})
