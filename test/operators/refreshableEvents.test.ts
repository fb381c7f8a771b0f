import { it } from 'vitest'
import { refreshable } from '../../src/operators/refreshable.js'
import { marbles } from '../support/marbles.js'

const values = {
  a: { destination: 'attic', value: 21 },
  e: { destination: 'button', value: 1, event: true as const },
  f: { destination: 'button', value: 2, event: true as const },
}

it.each([
  ['passes an event on, and does not repeat it', '  -e-----', '---r-r', '-e'],
  ['passes the same event twice', '                 -e-e---', '-----r', '-e-e'],
  ['repeats the readings around an event', '         -a-e-f---', '-------r', '-a-e-f-a'],
])('%s', (_, source, refresh, expected) =>
  marbles(({ hot, expectObservable }) => {
    expectObservable(hot(source.trim(), values).pipe(refreshable(hot(refresh)))).toBe(expected, values)
  }),
)
