import { describe, it } from 'vitest'
import { presence } from '../../src/operators/presence.js'
import { marbles } from '../../src/testing/marbles.js'

const states = { o: true, x: false }

describe('presence', () => {
  it.each([
    {
      name: 'says absent, once, what is never heard',
      packets: ' ---------',
      expected: '---x-----',
      subs: '    ^--------',
    },
    {
      name: 'says absent in its time when the source ends without a packet',
      packets: ' |',
      expected: '---(x|)',
      subs: '    (^!)',
    },
    {
      name: 'says present at the first packet and absent after silence, also when the source has ended',
      packets: ' -a|',
      expected: '-o--(x|)',
      subs: '    ^-!',
    },
    {
      name: 'stays present while packets keep coming',
      packets: ' -a-a--a----',
      expected: '-o-------x-',
      subs: '    ^----------',
    },
    {
      name: 'says present again at the first packet after silence',
      packets: ' -a-------a-',
      expected: '-o--x----o--x',
      subs: '    ^----------',
    },
    {
      name: 'fails with the source, and says nothing after it',
      packets: ' -a-#',
      expected: '-o-#',
      subs: '    ^--!',
    },
    {
      name: 'takes a synchronous burst for one presence',
      packets: ' (aaa)------',
      expected: 'o--x-------',
      subs: '    ^----------',
    },
  ])('$name', ({ packets, expected, subs }) =>
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const packets$ = cold(packets)
      expectObservable(packets$.pipe(presence(3))).toBe(expected, states)
      expectSubscriptions(packets$.subscriptions).toBe(subs)
    }),
  )

  it('hears an endless source only while somebody listens, each from the start', () =>
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const packets$ = hot(' -a-a-a-a-a-')
      const early = '        ---^--!'
      const late = '         ------^----!'
      const presence$ = packets$.pipe(presence(3))
      expectObservable(presence$, early).toBe('---o', states)
      expectObservable(presence$, late).toBe('-------o', states)
      expectSubscriptions(packets$.subscriptions).toBe([early, late])
    }))
})
