import { of } from 'rxjs'
import { expect, test } from 'vitest'
import { overallState, type RadioState, stateReadings } from '../../src/radio/state.js'
import { collect } from '../support/collect.js'

const listening: RadioState = { kind: 'listening' }
const deaf: RadioState = { kind: 'deaf', since: Date.UTC(2026, 0, 31, 6, 30) }
const off: RadioState = { kind: 'off', reason: 'It is off.' }
const missing: RadioState = { kind: 'missing', reason: 'There is none.' }

test('a state is a retained reading, said once until it changes', () => {
  const states$ = of(listening, listening, deaf, { ...deaf, hopeless: true as const }, off, missing)
  expect(collect(stateReadings(states$))).toEqual(
    [
      'LISTENING',
      'DEAF since 2026-01-31T06:30:00.000Z',
      'NO ADAPTER: It is off.',
      'NO ADAPTER: There is none.',
    ].map((value) => ({ destination: 'bluetooth', value, retain: true })),
  )
})

test('several adapters are as well as the best of them', () => {
  const later = { ...deaf, since: deaf.since + 1 }
  expect(overallState([missing, off, deaf, listening])).toBe(listening)
  expect(overallState([missing, deaf, later])).toBe(later)
  expect(overallState([missing, off])).toBe(off)
  expect(overallState([])).toBeUndefined()
})
