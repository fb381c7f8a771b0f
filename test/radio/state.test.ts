import { of } from 'rxjs'
import { expect, test } from 'vitest'
import { overallState, type RadioState, stateReadings } from '../../src/radio/state.js'
import { collect } from '../support/collect.js'
import { undescribed } from '../support/undescribed.js'

const listening: RadioState = { kind: 'listening' }
const deaf: RadioState = { kind: 'deaf', since: Date.UTC(2026, 0, 31, 6, 30) }
const off: RadioState = { kind: 'off', reason: 'It is off.' }
const missing: RadioState = { kind: 'missing', reason: 'There is none.' }

test('a state is a retained reading, said once until it changes', () => {
  const states$ = of(listening, listening, deaf, { ...deaf, hopeless: true as const }, off, missing)
  expect(collect(stateReadings(states$).pipe(undescribed))).toEqual(
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
  expect(overall(missing, off, deaf, listening)).toBe(listening)
  expect(overall(missing, deaf, later)).toBe(later)
  expect(overall(missing)).toBe(missing)
  expect(overall()).toBeUndefined()
})

test('several adapters of which none can listen are all named', () => {
  const reason = 'hci0: There is none. hci1: It is off.'
  expect(overall(missing, off)).toEqual({ kind: 'off', reason })
  const lost = { ...missing, hopeless: true as const }
  expect(overall(missing, lost)).toEqual({
    kind: 'missing',
    reason: 'hci0: There is none. hci1: There is none.',
    hopeless: true,
  })
})

const overall = (...states: readonly RadioState[]) =>
  overallState(new Map(states.map((state, index) => [`hci${index}`, state])))
