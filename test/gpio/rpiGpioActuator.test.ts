import { map, NEVER } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { RpiGpioActuator } from '../../src/gpio/rpiGpioActuator.js'
import { simulatedGpio } from '../../src/gpio/simulatedGpio.js'
import type { Command } from '../../src/model.js'
import { marbles } from '../../src/testing/marbles.js'
import { quietLog } from '../support/quietLog.js'
import { undescribed } from '../support/undescribed.js'

const command = (payload: string, source = 'light'): Command => ({ source, payload })
const commands = {
  n: command('ON'),
  f: command('OFF'),
  t: command('TOGGLE'),
  p: command('2021-10-24T16:23:41.500792', 'press'),
  b: command('BOGUS\n'),
  x: command('ON', 'somewhere else'),
}

function actuator(parameters: Readonly<Record<string, string>> = {}) {
  const log = quietLog()
  const driven: string[] = []
  const gpio = simulatedGpio(undefined, ({ line, level }) => driven.push(`${line} ${level ? 'HIGH' : 'LOW'}`))
  const options = RpiGpioActuator.options.parse({
    Pin: '19',
    CommandSrc: 'light',
    ToggleCommandSrc: 'press',
    ToggleDebounce: '0.003',
    ...parameters,
  })
  const context = { section: 'Actuator0', log, advertisements$: NEVER, gpio }
  return { operator: RpiGpioActuator.create(options, context), driven, log, options }
}

describe('RpiGpioActuator', () => {
  it.each([
    ['a command and says so', {}, '--n---f---', 'f-n---f---', ['LOW', 'HIGH', 'LOW']],
    ['nothing for a state it has', {}, '--f-n-n---', 'f---n-----', ['LOW', 'HIGH']],
    ['over for a press, from either source', {}, '--p----t--', 'f-n----f--', ['LOW', 'HIGH', 'LOW']],
    ['over once for a press that comes twice', {}, '--p-t-----', 'f-n-------', ['LOW', 'HIGH']],
    ['nothing for what it does not know', {}, '--b-x-----', 'f---------', ['LOW']],
    [
      'on at the start with InitialState',
      { InitialState: 'ON' },
      '--f-------',
      'n-f-------',
      ['HIGH', 'LOW'],
    ],
    [
      'the other way round with InvertOut',
      { InvertOut: 'YES' },
      '--f---n---',
      'n-f---n---',
      ['LOW', 'HIGH', 'LOW'],
    ],
  ])('switches %s', (_, parameters, source, expected, levels) =>
    marbles(({ hot, expectObservable, flush }) => {
      const { operator, driven } = actuator(parameters)
      const state$ = hot(source, commands).pipe(operator, undescribed)
      expectObservable(state$).toBe(expected, {
        n: { destination: 'light', value: 'ON' },
        f: { destination: 'light', value: 'OFF' },
      })
      flush()
      expect(driven).toEqual(levels.map((level) => `19 ${level}`))
    }),
  )

  it('reports its state on a topic of its own, and takes no command there', () =>
    marbles(({ hot, expectObservable }) => {
      const { operator, options } = actuator({ StateDest: 'light/state' })
      const sources = { n: command('ON'), x: command('OFF', 'light/state') }
      expectObservable(hot('--n-x', sources).pipe(operator, undescribed)).toBe('f-n', {
        n: { destination: 'light/state', value: 'ON' },
        f: { destination: 'light/state', value: 'OFF' },
      })
      expect(RpiGpioActuator.sources?.(options)).toEqual(['light', 'press'])
    }))

  it.each([
    ['SimulateButton', 'OFF', ['LOW', 'HIGH', 'LOW', 'HIGH', 'LOW']],
    ['Toggle', 'ON', ['HIGH', 'LOW', 'HIGH', 'LOW', 'HIGH']],
  ])('presses a button with %s, starting %s, and has no state to report', (parameter, InitialState, levels) =>
    marbles(({ hot, expectObservable, flush }) => {
      const { operator, driven } = actuator({ [parameter]: 'TRUE', InitialState })
      const source = '-n 100ms f 600ms b 600ms p'
      expectObservable(hot(source, commands).pipe(operator)).toBe('-')
      flush()
      expect(driven).toEqual(levels.map((level) => `19 ${level}`))
    }),
  )

  it('holds a pressed button for half a second', () =>
    marbles(({ hot, expectObservable }) => {
      const { operator } = actuator({ SimulateButton: 'TRUE' })
      const pressed$ = hot('-n|', commands).pipe(operator)
      expectObservable(pressed$.pipe(map(() => 'said something'))).toBe('- 500ms |')
    }))

  it('warns of the first of several commands in a row that it does not know, and escapes it', () =>
    marbles(({ hot, flush }) => {
      const { operator, log } = actuator()
      hot('-b-b-n-b', commands).pipe(operator).subscribe()
      flush()
      const warning = 'expected ON, OFF, TOGGLE or a time on light, got "BOGUS\\n"'
      expect(log.warn.mock.calls).toEqual([[warning], [warning]])
    }))

  it('says what topics it wants: the second is not for buttons', () => {
    expect(RpiGpioActuator.sources?.(actuator().options)).toEqual(['light', 'press'])
    expect(RpiGpioActuator.sources?.(actuator({ SimulateButton: 'YES' }).options)).toEqual(['light'])
  })
})
