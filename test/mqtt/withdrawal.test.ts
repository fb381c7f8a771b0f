import { expect, it } from 'vitest'
import { type Delivery, type Reading, withdrawal } from '../../src/model.js'
import { outbox } from '../../src/operators/outbox.js'
import { report } from '../../src/report.js'
import { fakeBroker } from '../../src/testing/fakeBroker.js'
import { marbles } from '../../src/testing/marbles.js'
import { quietLog } from '../support/quietLog.js'
import { localConnection } from '../../src/local/localConnection.js'
import { of, toArray } from 'rxjs'
import { collect } from '../support/collect.js'

const attic = (value: number): Reading => ({ destination: 'attic', value })

const state: Reading = { destination: 'attic/status', value: 'ONLINE', retain: true }

const readings: Readonly<Record<string, Reading>> = {
  a: attic(1),
  b: attic(2),
  s: state,
  x: withdrawal(attic(1)),
  y: withdrawal(state),
  f: { destination: 'other', value: 5, forgets: ['attic'] },
  e: { destination: 'button', value: 1, event: true },
  r: { destination: 'button', value: 2, event: true, retain: true },
}

const message = (topic: string, payload: string, retain = true) => ({
  topic: `test/${topic}`,
  payload,
  ...(retain && { retain: true }),
})

const messages = {
  a: message('attic', '1'),
  b: message('attic', '2'),
  s: { ...message('attic/status', 'ONLINE'), qos: 1 },
  x: { ...message('attic', ''), qos: 1 },
  y: { ...message('attic/status', ''), qos: 1 },
  f: message('other', '5'),
  e: message('button', '1', false),
  r: message('button', '2', false),
  p: message('attic', '1', false),
  q: message('other', '5', false),
}

const kept = { retain: true }

it.each<{ name: string; source: string; up?: string; published: string; delivery?: Delivery }>([
  {
    name: 'clears what the broker retains, and sees to it that it arrives',
    source: '   -a-x-',
    published: '-a-x-',
    delivery: kept,
  },
  { name: 'publishes nothing where nothing is retained', source: '-a-x-', published: '-p---' },
  {
    name: 'is not lost while the broker is away, even where readings are',
    source: '   -a---x------',
    up: '       o--x----o---',
    published: '-a------x---',
    delivery: { ...kept, offline: 'none' },
  },
  {
    name: 'is not sent when there is something new meanwhile',
    source: '   -a---x-b----',
    up: '       o--x------o-',
    published: '-a--------b-',
    delivery: kept,
  },
  {
    name: 'takes the place of what waits, and of what would be repeated',
    source: '   -a---b-x--------',
    up: '       o--x------o-x-o-',
    published: '-a--------x-----',
    delivery: kept,
  },
  {
    name: 'leaves the place of what waits empty where nothing is retained',
    source: '   -a---b-x--------',
    up: '       o--x------o-----',
    published: '-p--------------',
  },
  {
    name: 'comes after the series that waits',
    source: '   -a---b-x--------',
    up: '       o--x------o-----',
    published: '-a--------(bx)--',
    delivery: { ...kept, offline: 'all' },
  },
  {
    name: 'is of a state that is said again after each reconnect otherwise',
    source: '   -s----y-------',
    up: '       o--xo---x--o--',
    published: '-s--s-y-------',
  },
  {
    name: 'is what a reading leads to that forgets others',
    source: '   -a-f-----------',
    up: '       o-----x----o---',
    published: '-a-(xf)----f---',
    delivery: kept,
  },
  {
    name: 'is of no concern to one that forgets what is not retained',
    source: '   -a-f-----------',
    up: '       o-----x----o---',
    published: '-p-q-------q---',
  },
])('a withdrawal $name', ({ source, up = 'o', published, delivery = {} }) =>
  marbles(({ hot, expectObservable }) => {
    const broker = fakeBroker({ delivery, up$: hot(up, { o: true, x: false }), log: quietLog() })
    report({ sensors: [hot(source, readings)], connections: [broker.connection] }).subscribe()
    expectObservable(broker.published$).toBe(published, messages)
  }),
)

it.each([
  { name: 'at once', source: '-e-r-', published: '-e-r-', up: 'o', delivery: kept },
  {
    name: 'in a series that waits',
    source: '   -e-r----',
    up: '       -----o--',
    published: '-----(er)',
    delivery: { ...kept, offline: 'all' as const },
  },
  {
    name: 'nor again when the link is back',
    source: '   -r------',
    up: '       o--x-o--',
    published: '-r------',
    delivery: kept,
  },
])('an event is not retained $name', ({ source, up, published, delivery }) =>
  marbles(({ hot, expectObservable }) => {
    const broker = fakeBroker({ delivery, up$: hot(up, { o: true, x: false }), log: quietLog() })
    report({ sensors: [hot(source, readings)], connections: [broker.connection] }).subscribe()
    expectObservable(broker.published$).toBe(published, messages)
  }),
)

it('what is in flight when it is withdrawn is not sent again', () =>
  marbles(({ hot, expectObservable }) => {
    const source = '  -a-x-----'
    const state = '   o----x--o'
    const expected = '-a-------'
    const sent$ = hot(source, readings).pipe(
      outbox(hot(state, { o: 'open', x: 'down' } as const), { delivery: { qos: 1 } }),
    )
    expectObservable(sent$).toBe(expected, readings)
  }))

it('that it is withdrawn is sent again until it is acknowledged', () =>
  marbles(({ hot, expectObservable }) => {
    const source = '      -x--------------'
    const state = '       o----x--o----x-o'
    const acknowledged = '----------x-------'
    const expected = '    -x------x--------'
    const sent$ = hot(source, readings).pipe(
      outbox(hot(state, { o: 'open', x: 'down' } as const), {
        delivery: { retain: true, offline: 'none' },
        acknowledged$: hot(acknowledged, readings),
      }),
    )
    expectObservable(sent$).toBe(expected, readings)
  }))

it('a withdrawal commands nobody', () => {
  const local = localConnection({ name: 'local', commandSources: ['attic'] }, quietLog())
  const commands = collect(of(attic(1), withdrawal(attic(1))).pipe(local, toArray()))
  expect(commands.flat().map(({ payload }) => payload)).toEqual(['1'])
})
