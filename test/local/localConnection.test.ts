import fc from 'fast-check'
import { map } from 'rxjs'
import { describe, expect, it } from 'vitest'
import {
  decide,
  LocalConnection,
  localConnection,
  type LocalOptions,
} from '../../src/local/localConnection.js'
import type { Reading } from '../../src/model.js'
import { marbles } from '../../src/testing/marbles.js'
import { quietLog } from '../support/quietLog.js'

const time = '2021-10-24T16:23:41.500792'

/** Readings by letter; digits are temperatures. */
const readings: Record<string, Reading> = {
  o: { destination: 'door', value: 'ON' },
  x: { destination: 'door', value: 'OFF' },
  t: { destination: 'door', value: 'TOGGLE' },
  i: { destination: 'door', value: time },
  w: { destination: 'temp', value: 31, decimals: 1 },
  m: { destination: 'temp', value: 29 },
  k: { destination: 'temp', value: 27 },
  q: { destination: 'temp', value: 'none' },
  e: { destination: 'door', value: 'ON', echo: true },
  u: { destination: 'elsewhere', value: 'ON' },
  a: { destination: 'door', value: 'ON', to: ['MQTT', 'local'] },
  f: { destination: 'door', value: 'ON', to: ['MQTT'] },
}

/** What commands say, by letter. */
const commands: Record<string, string> = {
  o: 'door ON',
  x: 'door OFF',
  t: 'door TOGGLE',
  O: 'temp ON',
  X: 'temp OFF',
  w: 'temp 31.0',
}

const log = quietLog()
const heard = (options: Partial<LocalOptions>) =>
  localConnection({ name: 'local', commandSources: ['door', 'temp'], ...options }, log)
const asText = map(({ source, payload, from }: { source: string; payload: string; from?: string }) =>
  from === 'local' ? `${source} ${payload}` : 'from elsewhere',
)

describe('localConnection', () => {
  it.each([
    { name: 'says nothing while nothing is said', options: {}, source: '---', expected: '---', subs: '^--' },
    { name: 'completes with empty readings', options: {}, source: '--|', expected: '--|', subs: '^-!' },
    { name: 'passes a reading as it is', options: {}, source: '-o-|', expected: '-o-|', subs: '^--!' },
    { name: 'passes many', options: {}, source: '-oxw|', expected: '-oxw|', subs: '^---!' },
    { name: 'fails with the readings', options: {}, source: '-o-#', expected: '-o-#', subs: '^--!' },
    { name: 'goes on with endless readings', options: {}, source: '-o-x-', expected: '-o-x-', subs: '^----' },
    { name: 'takes a burst one by one', options: {}, source: '(oxw|)', expected: '(oxw|)', subs: '(^!)' },
    { name: 'makes TOGGLE of times', options: {}, source: '-ti|', expected: '-tt|', subs: '^--!' },
    {
      name: 'hears what is addressed to it or to all',
      options: {},
      source: '-oaf|',
      expected: '-oo-|',
      subs: '^---!',
    },
    {
      name: 'hears only what commands somebody',
      options: {},
      source: '-uo|',
      expected: '--o|',
      subs: '^--!',
    },
    {
      name: 'does not hear the state of what it commands',
      options: {},
      source: '-eo|',
      expected: '--o|',
      subs: '^--!',
    },
    {
      name: 'says ON or OFF with a condition',
      options: { onEq: 'OFF' },
      source: '-ox|',
      expected: '-xo|',
      subs: '^--!',
    },
    {
      name: 'toggles whatever the condition',
      options: { onEq: 'OFF' },
      source: '-ti|',
      expected: '-tt|',
      subs: '^--!',
    },
    {
      name: 'says it for every reading',
      options: { onGt: 28 },
      source: '-wmk|',
      expected: '-OOX|',
      subs: '^---!',
    },
    {
      name: 'ignores what is no number',
      options: { onGt: 28 },
      source: '-wqk|',
      expected: '-O-X|',
      subs: '^---!',
    },
    {
      name: 'keeps its state between two limits',
      options: { onGt: 30, offLt: 28 },
      source: '-mwmkm|',
      expected: '-XOOXX|',
      subs: '^-----!',
    },
    {
      name: 'keeps destinations apart',
      options: { onEq: 'ON', hold: 3 },
      source: '-xom---o|',
      expected: '-x-X-o--|',
      subs: '^-------!',
    },
    {
      name: 'says ON when it has held',
      options: { onGt: 28, hold: 3 },
      source: '-kwm-mk|',
      expected: '-X---OX|',
      subs: '^------!',
    },
    {
      name: 'ends while something has yet to hold',
      options: { onGt: 28, hold: 3 },
      source: '-w|',
      expected: '--|',
      subs: '^-!',
    },
    {
      name: 'lets a toggle not wait',
      options: { onGt: 28, hold: 3 },
      source: '-wt--|',
      expected: '--t-O|',
      subs: '^----!',
    },
  ])('$name', ({ options, source, expected, subs }) =>
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold(source, readings)
      expectObservable(source$.pipe(heard(options), asText)).toBe(expected, commands)
      expectSubscriptions(source$.subscriptions).toBe(subs)
    }),
  )

  it('leaves the readings and the clock when it is left', () =>
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('-w----', readings)
      expectObservable(source$.pipe(heard({ onGt: 28, hold: 3 })), '^-!').toBe('-')
      expectSubscriptions(source$.subscriptions).toBe('^-!')
    }))

  it('says once that readings are no numbers, until one is', () => {
    log.warn.mockClear()
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('qqwqq|', readings).pipe(heard({ onGt: 28 }), asText)).toBe('--O--|', commands)
    })
    expect(log.warn).toHaveBeenCalledTimes(2)
  })
})

describe('decide', () => {
  it.each([
    [{ onEq: 'ON' }, 'ON', true],
    [{ onEq: 'ON' }, 'on', false],
    [{ onEq: '21.0' }, '21', false],
    [{ onEq: 'ON', onGt: 1 }, '2', false],
    [{ onGt: 30 }, '30', false],
    [{ onGt: 30 }, '30.1', true],
    [{ onGt: 0 }, '-1', false],
    [{ onGt: 0 }, '1', true],
    [{ onGt: 30, onLt: 10 }, '5', false],
    [{ onLt: 32 }, '31.9', true],
    [{ onLt: 32 }, '32', false],
    [{ onGt: 30 }, 'warm', undefined],
    [{ onGt: 30 }, '', undefined],
    [{ onLt: 30 }, 'NaN', undefined],
  ])('decides of %j and "%s": %s', (condition, text, state) => {
    expect(decide(condition, text, false)).toBe(state)
  })

  it.each([
    [{ onGt: 30, offLt: 28 }, '28', true],
    [{ onGt: 30, offLt: 28 }, '27.9', false],
    [{ onLt: 5, offGt: 7 }, '7', true],
    [{ onLt: 5, offGt: 7 }, '7.1', false],
    [{ onGt: 30 }, '30', false],
  ])('decides of %j and "%s", when it was ON: %s', (condition, text, state) => {
    expect(decide(condition, text, true)).toBe(state)
  })

  it('changes its mind only outside of the gap between the limits', () => {
    const numbers = fc.double({ noNaN: true, noDefaultInfinity: true })
    fc.assert(
      fc.property(numbers, numbers, numbers, fc.boolean(), (one, other, value, before) => {
        const [low, high] = [Math.min(one, other), Math.max(one, other)]
        const inGap = value >= low && value <= high
        for (const condition of [
          { onGt: high, offLt: low },
          { onLt: low, offGt: high },
        ]) {
          const state = decide(condition, String(value), before)
          expect(state === before || !inGap).toBe(true)
          expect(inGap || state === ('onGt' in condition ? value > high : value < low)).toBe(true)
        }
      }),
    )
  })
})

describe('[Connection…] local.local_conn.LocalConnection', () => {
  const issues = (texts: Record<string, string>) =>
    (LocalConnection.options.safeParse({ Name: 'local', ...texts }).error?.issues ?? []).map(
      ({ path, message }) => `${path.join('.')}: ${message}`,
    )

  it('reads its parameters', () => {
    const texts = { Name: 'local', OnGt: '-0.5', OffLt: '-1', For: '60' }
    expect(LocalConnection.options.parse(texts)).toEqual({
      Name: 'local',
      OnGt: -0.5,
      OffLt: -1,
      For: 60_000,
    })
    expect(issues({})).toEqual([])
  })

  it.each([
    [{ OnGt: 'warm' }, 'OnGt: expected a number'],
    [{ OffLt: '1' }, 'OffLt: expected OnGt too: when it means ON'],
    [{ OnGt: '1', OffLt: '2' }, 'OffLt: expected a number that is not above OnGt'],
    [{ OffGt: '1' }, 'OffGt: expected OnLt too: when it means ON'],
    [{ OnLt: '2', OffGt: '1' }, 'OffGt: expected a number that is not below OnLt'],
    [{ For: '1' }, 'For: expected OnEq, OnGt or OnLt too: what has to hold that long'],
  ])('refuses %j', (texts, problem) => {
    expect(issues(texts)).toEqual([problem])
  })
})
