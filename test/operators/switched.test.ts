import { describe, expect, it } from 'vitest'
import { isToggle, type SwitchCommand, switched, understood } from '../../src/operators/switched.js'
import { marbles } from '../../src/testing/marbles.js'
import { quietLog } from '../support/quietLog.js'

const commands: Record<string, SwitchCommand> = { n: 'ON', f: 'OFF', t: 'TOGGLE' }

const states = { o: true, x: false }

describe('switched', () => {
  it.each([
    ['says its first state without any command', '-----', 'x----'],
    ['completes with an empty source', '|', '(x|)'],
    ['goes on and off as it is told', '--n--f-|', 'x-o--x-|'],
    ['toggles from where it is', '--t---t---n---t-', 'x-o---x---o---x-'],
    ['says nothing of a command for the state it has', '--f-n-n-f-', 'x---o---x-'],
    ['ignores toggling again at once, but no ON and no OFF', '--t-t-f-t-', 'x-o---x-o-'],
    ['fails with the source', '--n-#', 'x-o-#'],
    ['takes a synchronous burst one by one', '(nftt|)', '(xoxo|)'],
  ])('%s', (_, source, expected) =>
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold(source, commands).pipe(switched(false, 3))).toBe(expected, states)
    }),
  )

  it('toggles as often as it is told when nothing is to be ignored', () =>
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('(tt)--t', commands).pipe(switched(true, 0))).toBe('(oxo)-x', states)
    }))

  it('leaves an endless source when it is left', () =>
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const commands$ = hot('-n-f-n-f', commands)
      expectObservable(commands$.pipe(switched(false, 3)), '^--!').toBe('xo', states)
      expectSubscriptions(commands$.subscriptions).toBe('^--!')
    }))
})

it.each([
  ['TOGGLE', true],
  ['2021-10-24T16:23:41.500792', true],
  ['2022-02-27T17:58:45.165491+0100', true],
  ['2022-02-27T17:58:45Z', true],
  ['toggle', false],
  ['ON', false],
  ['2022-02-27', false],
  ['at 2021-10-24T16:23:41', false],
])('takes "%s" for a toggle: %s', (text, toggles) => {
  expect(isToggle(text)).toBe(toggles)
})

const payloads = Object.fromEntries(
  Object.entries({ a: '1', b: '2', x: 'one\n', y: 'two' }).map(([letter, payload]) => [
    letter,
    { source: 'lamp', payload },
  ]),
)

describe('understood', () => {
  it.each([
    ['is silent without commands', '---', '---', '^--!', []],
    ['ends with an empty source', '--|', '--|', '^---!', []],
    ['passes on what one command tells', '-a-|', '-a-|', '^---!', []],
    [
      'logs the first of several in a row that tell nothing',
      '-xy-a-y-b',
      '----a---b',
      '^--------!',
      ['one\\n', 'two'],
    ],
    ['passes on all of a burst', '(axyb|)', '(ab|)', '^---!', ['one\\n']],
    ['passes on an error', '-a-#', '-a-#', '^----!', []],
    ['stops listening when nobody listens any more', '-a-x-a', '-a', '^-!', []],
  ])('%s', (_, source, expected, until, got) => {
    const log = quietLog()
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const commands$ = hot(source, payloads)
      const digit = (payload: string) => (/^\d$/.test(payload) ? payload : undefined)
      expectObservable(commands$.pipe(understood(digit, 'a digit', log)), until).toBe(expected, {
        a: '1',
        b: '2',
      })
      if (!/[|#]/.test(source)) expectSubscriptions(commands$.subscriptions).toBe(until)
    })
    expect(log.warn.mock.calls).toEqual(got.map((text) => [`expected a digit on lamp, got "${text}"`]))
  })
})
