// @ts-check
import assert from 'node:assert/strict'
import test from 'node:test'
import { marbles } from 'sensor-reporter/testing'
import { templateActuator } from './template.js'

test('does what it is told, and reports it; what is said elsewhere is not for it', () => {
  /** @type {string[]} */
  const done = []
  marbles(({ hot, expectObservable }) => {
    // A character is a millisecond, which takes no time here.
    const commands = '-o-e-x-'
    const expected = '-o---x-'
    const commands$ = hot(commands, {
      o: { source: 'place', payload: 'ON' },
      e: { source: 'elsewhere', payload: 'ON' },
      x: { source: 'place', payload: 'OFF' },
    })
    const actuator = templateActuator({ source: 'place', destination: 'place/is' }, (command) =>
      done.push(command),
    )
    expectObservable(commands$.pipe(actuator)).toBe(expected, {
      o: { destination: 'place/is', value: 'ON' },
      x: { destination: 'place/is', value: 'OFF' },
    })
  })
  assert.deepEqual(done, ['ON', 'OFF'])
})
