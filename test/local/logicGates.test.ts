import { map, NEVER } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { LogicAnd, logicGate, type LogicGateOptions, LogicNot, LogicOr } from '../../src/local/logicGates.js'
import type { Command } from '../../src/model.js'
import { marbles } from '../../src/testing/marbles.js'
import { quietLog } from '../support/quietLog.js'

/** `a` and `b` switch two inputs on, `c` and `d` off. */
const commands: Record<string, Command> = {
  a: { source: 'one', payload: 'ON' },
  b: { source: 'two', payload: 'ON' },
  c: { source: 'one', payload: 'OFF' },
  d: { source: 'two', payload: 'OFF' },
  t: { source: 'two', payload: 'TOGGLE' },
  e: { source: 'enable', payload: 'ON' },
  f: { source: 'enable', payload: 'OFF' },
  u: { source: 'three', payload: 'ON' },
}

const states = { o: 'out ON', x: 'out OFF', O: 'second ON', X: 'second OFF' }
const asText = map(
  ({ destination, value }: { destination: string; value: unknown }) => `${destination} ${String(value)}`,
)
const or = (inputs: readonly boolean[]) => inputs.some(Boolean)
const gate = (options: Partial<LogicGateOptions> = {}) =>
  logicGate(or, { inputs: ['one', 'two'], outputs: ['out'], enableSrc: 'enable', ...options })

describe('logicGate', () => {
  it.each([
    { name: 'says nothing while nothing comes in', source: '---', expected: '---', subs: '^--' },
    { name: 'completes with empty commands', source: '--|', expected: '--|', subs: '^-!' },
    { name: 'says what comes out', source: '-a-|', expected: '-o-|', subs: '^--!' },
    { name: 'says changes only', source: '-abcd|', expected: '-o--x|', subs: '^----!' },
    { name: 'is OFF at first, and does not say so', source: '-cda|', expected: '---o|', subs: '^---!' },
    { name: 'fails with the commands', source: '-a-#', expected: '-o-#', subs: '^--!' },
    { name: 'goes on with endless commands', source: '-a-c-', expected: '-o-x-', subs: '^----' },
    { name: 'takes a burst one by one', source: '(aca|)', expected: '(oxo|)', subs: '(^!)' },
    { name: 'ignores what is meant for others', source: '-ua|', expected: '--o|', subs: '^--!' },
    { name: 'switches over', source: '-tt|', expected: '-ox|', subs: '^--!' },
    { name: 'goes by its inputs again after that', source: '-atac|', expected: '-oxox|', subs: '^----!' },
    {
      name: 'does nothing while it is switched off',
      source: '-fatec|',
      expected: '------|',
      subs: '^-----!',
    },
    {
      name: 'does its work again when it is switched on',
      source: '-feac|',
      expected: '---ox|',
      subs: '^----!',
    },
  ])('$name', ({ source, expected, subs }) =>
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const commands$ = cold(source, commands)
      expectObservable(gate()(commands$).pipe(asText)).toBe(expected, states)
      expectSubscriptions(commands$.subscriptions).toBe(subs)
    }),
  )

  it('leaves the commands when it is left', () =>
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const commands$ = cold('-a-c-', commands)
      expectObservable(gate()(commands$).pipe(asText), '^-!').toBe('-o', states)
      expectSubscriptions(commands$.subscriptions).toBe('^-!')
    }))

  it('speaks to several outputs, in words of its own', () =>
    marbles(({ cold, expectObservable }) => {
      const words = gate({ outputs: ['out', 'second'], values: ['CLOSED', 'OPEN'] })
      const expected = '-(abcd)'
      expectObservable(words(cold('-(ac)', commands)).pipe(asText)).toBe(expected, {
        a: 'out OPEN',
        b: 'second OPEN',
        c: 'out CLOSED',
        d: 'second CLOSED',
      })
    }))

  it.each([
    { name: 'LogicOr', plugin: LogicOr, source: '-abcd|', expected: '-o--x|' },
    { name: 'LogicAnd', plugin: LogicAnd, source: '-abcd|', expected: '--ox-|' },
    { name: 'LogicNot', plugin: LogicNot, source: '-dabcd|', expected: '-ox--o|' },
  ])('$name combines its inputs', ({ plugin, source, expected }) =>
    marbles(({ cold, expectObservable }) => {
      const options = plugin.options.parse({ InputSrc: 'one, two', OutputDest: 'out', EnableSrc: 'enable' })
      expect(plugin.sources?.(options)).toEqual(['one', 'two', 'enable'])
      const context = { section: 'Actuator0', log: quietLog(), advertisements$: NEVER }
      const combined$ = plugin.create(options, context)(cold(source, commands))
      expectObservable(combined$.pipe(asText)).toBe(expected, states)
    }),
  )

  it.each([
    ['InputSrc', 'a, b/#'],
    ['OutputDest', ','],
    ['EnableSrc', 'status'],
    ['Values', 'ON'],
  ])('refuses %s = "%s"', (key, value) => {
    const { error } = LogicOr.options.safeParse({ InputSrc: 'a', OutputDest: 'b', [key]: value })
    expect(error?.issues.map(({ path }) => path)).toEqual([[key]])
  })
})
