import { concat, EMPTY, filter, ignoreElements, map, merge, NEVER, type Observable, of, timer } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Actuator, Command, Connection, Reading } from '../src/model.js'
import { report } from '../src/report.js'
import { marbles } from '../src/testing/marbles.js'
import { recordedLog } from './support/recordedLog.js'

const readings = {
  a: { destination: 'attic', value: 21 },
  b: { destination: 'attic', value: 22 },
  c: { destination: 'cellar', value: 9 },
  l: { destination: 'lamp', value: 'ON' },
}

const commands = {
  a: { source: 'attic', payload: '21' },
  b: { source: 'attic', payload: '22' },
  c: { source: 'cellar', payload: '9' },
  l: { source: 'lamp', payload: 'ON' },
  s: { source: 'lamp/set', payload: 'ON' },
  o: { source: 'status', payload: 'OFFLINE' },
}

/** Says as commands what it is given as readings, and closes at once. */
const echo: Connection = (readings$) =>
  readings$.pipe(map(({ destination, value }) => ({ source: destination, payload: String(value) })))

/** Says OFFLINE when the readings end, and closes 3 ms later. */
const slow: Connection = (readings$) =>
  concat(echo(readings$), of(commands.o), timer(3).pipe(ignoreElements()))

/** Also hears the commands it is given. */
const hearing =
  (incoming$: Observable<Command>): Connection =>
  (readings$) =>
    merge(echo(readings$), incoming$)

/** Does what `lamp/set` says, and says so. */
const lamp: Actuator = (commands$) =>
  commands$.pipe(
    filter(({ source }) => source === 'lamp/set'),
    map(({ payload }) => ({ destination: 'lamp', value: payload })),
  )

it.each([
  ['NaN', { destination: 'attic', value: NaN }, "{ destination: 'attic', value: NaN }"],
  ['undefined', { destination: 'attic', value: undefined }, "{ destination: 'attic', value: undefined }"],
  ['null', { destination: 'attic', value: null }, "{ destination: 'attic', value: null }"],
  ['an object', { destination: 'attic', value: {} }, "{ destination: 'attic', value: {} }"],
  ['no destination', { value: 1 }, '{ value: 1 }'],
])('report leaves out a reading with %s, and says whose it is', (_, bad, shown) => {
  const { log, lines } = recordedLog()
  const heard: unknown[] = []
  const sensors = [of(readings.a), of(bad as Reading, readings.b, bad as Reading)]
  report({ sensors, connections: [echo], log }).subscribe({
    next: (command) => heard.push(command),
    error: (error: unknown) => expect.unreachable(String(error)),
  })
  expect(heard).toEqual([commands.a, commands.b])
  expect(lines).toEqual([
    `error: sensors[1]: expected readings such as { destination: 'attic', value: 21.5 }, the value a text, a number or a boolean, got ${shown}: it is left out, and so are others like it`,
  ])
})

it('report refuses what is no list of them', () => {
  expect(() => report({ sensors: of(readings.a) } as never)).toThrow(
    /^report: sensors: expected an array, .* got Observable .*\nreport: connections: expected an array, .* got undefined$/,
  )
})

it('report refuses what is no sensor and no connection', () => {
  expect(() => report({ sensors: [5 as never], connections: ['home' as never] })).toThrow(
    new TypeError(
      "report: sensors[0]: expected a sensor (an Observable), got 5\nreport: connections[0]: expected a connection (a function of readings), got 'home'",
    ),
  )
})

describe('report', () => {
  it.each([
    { name: 'says nothing while the sensor is silent', sensor: '---', expected: '---', subs: '^--' },
    { name: 'completes with an empty sensor', sensor: '--|', expected: '--|', subs: '^-!' },
    { name: 'passes a reading to the connection', sensor: '-a-|', expected: '-a-|', subs: '^--!' },
    { name: 'passes many readings', sensor: '-ab-c|', expected: '-ab-c|', subs: '^----!' },
    { name: 'goes on with an endless sensor', sensor: '-a-b-', expected: '-a-b-', subs: '^----' },
    { name: 'loses nothing of a burst at the start', sensor: '(abc|)', expected: '(abc|)', subs: '(^!)' },
    { name: 'fails with a sensor nobody supervises', sensor: '-a-#', expected: '-a-#', subs: '^--!' },
  ])('$name', ({ sensor, expected, subs }) =>
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const sensor$ = cold(sensor, readings)
      expectObservable(report({ sensors: [sensor$], connections: [echo] })).toBe(expected, commands)
      expectSubscriptions(sensor$.subscriptions).toBe(subs)
    }),
  )

  it('passes the readings of every sensor to every connection, and listens to each sensor once', () =>
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const first$ = hot('  -a----------|', readings)
      const second$ = hot(' ------c-|    ', readings)
      const expected = '    -(aa)-(cc)--|'
      const reporter$ = report({ sensors: [first$, second$], connections: [echo, echo] })
      expectObservable(reporter$).toBe(expected, commands)
      expectSubscriptions(first$.subscriptions).toBe(' ^-----------!')
      expectSubscriptions(second$.subscriptions).toBe('^-------!')
    }))

  it('passes a command to every actuator, and what they say to every connection', () =>
    marbles(({ hot, expectObservable }) => {
      const incoming$ = hot('-s----', commands)
      const expected = '     -(sll)'
      const reporter$ = report({
        sensors: [NEVER],
        connections: [hearing(incoming$), echo],
        actuators: [lamp],
      })
      expectObservable(reporter$).toBe(expected, commands)
    }))

  it('tells every connection of a cause before its effects', () =>
    marbles(({ hot, expectObservable }) => {
      const sensor$ = hot('  -a---', readings)
      const expected = '     -(sal)'
      /** What is said of the attic commands the lamp. */
      const commanding: Connection = (readings$) =>
        readings$.pipe(
          filter(({ destination }) => destination === 'attic'),
          map(() => commands.s),
        )
      const reporter$ = report({ sensors: [sensor$], connections: [commanding, echo], actuators: [lamp] })
      expectObservable(reporter$).toBe(expected, commands)
    }))

  it('listens to nothing before it is subscribed to', () =>
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const sensor$ = hot('-a-b-|', readings)
      const reporter$ = report({ sensors: [sensor$], connections: [echo] })
      expectObservable(reporter$, '--^').toBe('---b-|', commands)
      expectSubscriptions(sensor$.subscriptions).toBe('--^--!')
    }))

  it('stops: sensors end, the connection says OFFLINE, and when it has closed the reporter completes', () =>
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const sensor$ = hot('-a--b--a--', readings)
      const stop$ = hot('  -----s----')
      const expected = '   -a--bo--|'
      const subs = '       ^----!'
      const reporter$ = report({ sensors: [sensor$], connections: [slow], stop$ })
      expectObservable(reporter$).toBe(expected, commands)
      expectSubscriptions(sensor$.subscriptions).toBe(subs)
    }))

  it('waits for the slowest connection when it stops', () =>
    marbles(({ hot, expectObservable }) => {
      const stop$ = hot('--s')
      const expected = ' --o--|'
      const reporter$ = report({ sensors: [NEVER], connections: [echo, slow, echo], stop$ })
      expectObservable(reporter$).toBe(expected, commands)
    }))

  it('stops though an actuator would go on', () =>
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const state$ = hot('-l--l--l', readings)
      const stop$ = hot(' ---s----')
      const expected = '  -l-|'
      const subs = '      ^--!'
      const reporter$ = report({ sensors: [], connections: [echo], actuators: [() => state$], stop$ })
      expectObservable(reporter$).toBe(expected, commands)
      expectSubscriptions(state$.subscriptions).toBe(subs)
    }))

  it('starts nothing when it is to stop already', () =>
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const sensor$ = cold('-a-|', readings)
      const reporter$ = report({ sensors: [sensor$], connections: [slow], stop$: of('now') })
      expectObservable(reporter$).toBe('|', commands)
      expectSubscriptions(sensor$.subscriptions).toBe([])
    }))

  it('goes on when stop$ completes without having emitted', () =>
    marbles(({ hot, expectObservable }) => {
      const sensor$ = hot('-a---b-|', readings)
      const stop$ = hot('  ---|')
      const expected = '   -a---b-|'
      expectObservable(report({ sensors: [sensor$], connections: [echo], stop$ })).toBe(expected, commands)
    }))

  it('stops everything at once when it is left', () =>
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const sensor$ = hot('  -a--b--', readings)
      const incoming$ = hot('--c-----', commands)
      const stop$ = hot('    --------')
      const leave = '        ^--!'
      const expected = '     -ac'
      const reporter$ = report({
        sensors: [sensor$],
        connections: [hearing(incoming$)],
        actuators: [lamp],
        stop$,
      })
      expectObservable(reporter$, leave).toBe(expected, commands)
      for (const { subscriptions } of [sensor$, incoming$]) expectSubscriptions(subscriptions).toBe(leave)
      expectSubscriptions(stop$.subscriptions).toBe(['(^!)', leave])
    }))

  it('fails with a connection nobody supervises, and leaves the sensors', () =>
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const sensor$ = hot('  -a--b--', readings)
      const incoming$ = hot('---#', commands)
      const expected = '     -a-#'
      const subs = '         ^--!'
      const reporter$ = report({ sensors: [sensor$], connections: [hearing(incoming$)] })
      expectObservable(reporter$).toBe(expected, commands)
      expectSubscriptions(sensor$.subscriptions).toBe(subs)
    }))

  it('goes on with the other connections when one has closed', () =>
    marbles(({ hot, expectObservable }) => {
      const sensor$ = hot('    -a--b-|', readings)
      const expected = '       -a--b-|'
      const closed: Connection = () => EMPTY
      const reporter$ = report({ sensors: [sensor$], connections: [closed, echo] })
      expectObservable(reporter$).toBe(expected, commands)
    }))

  it('leaves the sensors when there is no connection to report to', () =>
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const sensor$ = cold('-a-|', readings)
      expectObservable(report({ sensors: [sensor$], connections: [] })).toBe('|')
      expectSubscriptions(sensor$.subscriptions).toBe('(^!)')
    }))

  it('runs apart for each subscriber', () =>
    marbles(({ cold, expectObservable }) => {
      const reporter$ = report({ sensors: [cold('-a-|', readings)], connections: [slow] })
      expectObservable(reporter$).toBe('-a-o--|', commands)
      expectObservable(reporter$, '--^').toBe('---a-o--|', commands)
    }))

  it('lets nobody outside say anything', () => {
    expect(report({ sensors: [], connections: [] })).not.toHaveProperty('next')
  })
})
