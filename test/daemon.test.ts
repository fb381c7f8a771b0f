import {
  concat,
  concatWith,
  EMPTY,
  ignoreElements,
  map,
  merge,
  NEVER,
  type Observable,
  of,
  Subject,
  tap,
  timer,
} from 'rxjs'
import { describe, expect, it } from 'vitest'
import { daemon, type Reporter } from '../src/daemon.js'
import type { Actuator, Connection, Reading, Sensor } from '../src/model.js'
import { collect } from './support/collect.js'
import { marbles } from '../src/testing/marbles.js'

const readings = {
  a: { destination: 'attic', value: 21 },
  b: { destination: 'attic', value: 22 },
  c: { destination: 'cellar', value: 9 },
}

const commands = {
  a: { source: 'attic', payload: '21' },
  b: { source: 'attic', payload: '22' },
  c: { source: 'cellar', payload: '9' },
  o: { source: 'status', payload: 'OFFLINE' },
}

/** Says as commands what it is given as readings; a connection is another one each time it is made. */
const connection = (): Connection => (readings$) =>
  readings$.pipe(map(({ destination, value }) => ({ source: destination, payload: String(value) })))

/** Says OFFLINE when the readings end, and takes 3 ms to close then. */
const slow = (): Connection => (readings$) =>
  concat(connection()(readings$), of(commands.o), timer(3).pipe(ignoreElements()))

/** Runs until it is told to stop: one connection, one sensor. */
const reporter = (sensor: Sensor, link = slow()): Reporter => ({
  sensors: [sensor.pipe(concatWith(NEVER))],
  connections: [link],
})

describe('daemon', () => {
  it('says nothing while there is no reporter', () =>
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const reporters$ = hot<Reporter>('---')
      expectObservable(daemon(reporters$, NEVER)).toBe('---')
      expectSubscriptions(reporters$.subscriptions).toBe('^--')
    }))

  it('completes when there will never be a reporter', () =>
    marbles(({ hot, expectObservable }) => {
      expectObservable(daemon(hot('--|'), NEVER)).toBe('--|')
    }))

  it('completes at once when it is stopped while nothing runs', () =>
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const reporters$ = hot<Reporter>('-----')
      const stop$ = hot('               --s--')
      expectObservable(daemon(reporters$, stop$)).toBe('--|')
      expectSubscriptions(reporters$.subscriptions).toBe('^-!')
    }))

  it('starts nothing when it has been stopped before', () =>
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const sensor$ = cold('-a', readings)
      expectObservable(daemon(of(reporter(sensor$)), of('now'))).toBe('|')
      expectSubscriptions(sensor$.subscriptions).toBe([])
    }))

  it('runs a reporter until it is stopped, and completes when that has closed', () =>
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const sensor$ = cold('     -a--b--c', readings)
      const reporters$ = hot('  -x-------', { x: reporter(sensor$) })
      const stop$ = hot('       ------s--')
      const expected = '         --a--bo--|'
      expectObservable(daemon(reporters$, stop$)).toBe(expected, commands)
      expectSubscriptions(sensor$.subscriptions).toBe('-^----!')
    }))

  it('goes on until it is stopped when no more reporters will come', () =>
    marbles(({ hot, cold, expectObservable }) => {
      const reporters$ = hot('-x-|', { x: reporter(cold('-a--b--c', readings)) })
      const stop$ = hot('     ------s')
      expectObservable(daemon(reporters$, stop$)).toBe('--a--bo--|', commands)
    }))

  it('closes the old connection before it starts what is new', () =>
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const old$ = cold('      -a--b--c', readings)
      const new$ = cold('               -c--', readings)
      const reporters$ = hot('-x-----y-', { x: reporter(old$), y: reporter(new$) })
      const leave = '         ^-------------!'
      const expected = '      --a--b-o---c---'
      expectObservable(daemon(reporters$, NEVER), leave).toBe(expected, commands)
      expectSubscriptions(new$.subscriptions).toBe('----------^---!')
    }))

  it('lets what is the same run on, and starts and ends the rest', () =>
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const [stays$, leaves$] = [cold('-a--a--a', readings), cold('--b--b', readings)]
      const comes$ = cold('                 c-----', readings)
      const link = slow()
      const reporters$ = hot('-x---y--', {
        x: { sensors: [stays$, leaves$], connections: [link] },
        y: { sensors: [stays$, comes$], connections: [link] },
      })
      expectObservable(daemon(reporters$, NEVER), '^-------!').toBe('--ab-(ac)', commands)
      expectSubscriptions(stays$.subscriptions).toBe('-^------!')
      expectSubscriptions(leaves$.subscriptions).toBe('-^---!')
      expectSubscriptions(comes$.subscriptions).toBe('-----^--!')
    }))

  it('leaves an actuator alone that stays, and its state with it', () =>
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const state$ = cold('    b----', readings)
      const lamp: Actuator = () => state$
      const [old, fresh] = [slow(), connection()]
      const reporters$ = hot(' -x--y-', {
        x: { sensors: [NEVER], connections: [old], actuators: [lamp] },
        y: { sensors: [NEVER], connections: [old, fresh], actuators: [lamp] },
      })
      expectObservable(daemon(reporters$, NEVER), '^------!').toBe('-b', commands)
      expectSubscriptions(state$.subscriptions).toBe('-^-----!')
    }))

  it('withdraws what a source has said that leaves, while its connections are still there', () =>
    marbles(({ hot, cold, expectObservable }) => {
      const [stays$, leaves$] = [cold('-a--a---', readings), cold('--c-----', readings)]
      const reporters$ = hot('-x---y---', {
        x: { sensors: [stays$, leaves$], connections: [slow()] },
        y: { sensors: [stays$], connections: [slow()], isGone: () => true },
      })
      const said = { ...commands, g: { source: 'cellar', payload: '' } }
      expectObservable(daemon(reporters$, NEVER), '^--------!').toBe('--ac-(go)', said)
    }))

  it('withdraws what one that left has said when the last that would go on with it is gone', () =>
    marbles(({ hot, cold, expectObservable }) => {
      const link = slow()
      const first$ = cold('a', readings)
      const isGone = (answer: boolean) => (_: Reading, source: unknown) => source === first$ && answer
      const reporters$ = hot('-x-y-z-', {
        x: { sensors: [first$, NEVER], connections: [link] },
        y: { sensors: [NEVER], connections: [link], isGone: isGone(false) },
        z: { sensors: [NEVER], connections: [link], isGone: isGone(true) },
      })
      const said = { ...commands, g: { source: 'attic', payload: '' } }
      expectObservable(daemon(reporters$, NEVER), '^------!').toBe('-a---g-', said)
    }))

  it('never starts a reporter that was overtaken while the old one closed', () =>
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const [old$, overtaken$, newest$] = [cold('-a', readings), cold('-b', readings), cold('-c', readings)]
      const reporters$ = hot('-x--yz-', {
        x: reporter(old$),
        y: reporter(overtaken$),
        z: reporter(newest$),
      })
      expectObservable(daemon(reporters$, NEVER), '^----------!').toBe('--a-o---c--', commands)
      expectSubscriptions(overtaken$.subscriptions).toBe([])
    }))

  it('waits for the old connection and starts nothing new when it is stopped in the middle of a reload', () =>
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const new$ = cold('-b', readings)
      const reporters$ = hot('-x--y-', { x: reporter(cold('-a', readings)), y: reporter(new$) })
      const stop$ = hot('     -----s')
      expectObservable(daemon(reporters$, stop$)).toBe('--a-o--|', commands)
      expectSubscriptions(new$.subscriptions).toBe([])
    }))

  it('loses nothing that new sensors say at once', () =>
    marbles(({ hot, cold, expectObservable }) => {
      const reporters$ = hot('-x----y', {
        x: reporter(cold('a', readings)),
        y: reporter(cold('(bc)', readings)),
      })
      expectObservable(daemon(reporters$, NEVER), '^---------!').toBe('-a----o--(bc)', commands)
    }))

  it('stops everything at once when it is left', () =>
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const sensor$ = cold('  -a--b--', readings)
      const reporters$ = hot('-x------', { x: reporter(sensor$) })
      const stop$ = hot('     --------')
      expectObservable(daemon(reporters$, stop$), '^---!').toBe('--a--', commands)
      expectSubscriptions(sensor$.subscriptions).toBe('-^--!')
      expectSubscriptions(reporters$.subscriptions).toBe('^---!')
      expectSubscriptions(stop$.subscriptions).toBe(['^---!', '^---!'])
    }))

  it.each([
    { of: 'a sensor', sensor: '-a#', incoming: '---' },
    { of: 'a connection', sensor: '-a-', incoming: '--#' },
  ])('fails with $of, and leaves the reporters that would come', ({ sensor, incoming }) =>
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const failing$: Observable<never> = cold(incoming)
      const link: Connection = (readings$) => merge(connection()(readings$), failing$)
      const reporters$ = hot('-x---', { x: { sensors: [cold(sensor, readings)], connections: [link] } })
      expectObservable(daemon(reporters$, NEVER)).toBe('--a#', commands)
      expectSubscriptions(reporters$.subscriptions).toBe('^--!')
    }),
  )

  it('fails when the reporters fail, and leaves the one that runs', () =>
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const sensor$ = cold('  -a-----', readings)
      const reporters$ = hot('-x--#', { x: reporter(sensor$) })
      expectObservable(daemon(reporters$, NEVER)).toBe('--a-#', commands)
      expectSubscriptions(sensor$.subscriptions).toBe('-^--!')
    }))

  it('reloads when a reporter itself asks for it while it starts', () => {
    const reporters$ = new Subject<Reporter>()
    const second = { sensors: [of(readings.b)], connections: [connection()] }
    const asking$ = of(readings.a).pipe(
      tap(() => reporters$.next(second)),
      concatWith(NEVER),
    )
    const said = collect(daemon(reporters$, EMPTY))
    reporters$.next({ sensors: [asking$], connections: [connection()] })
    expect(said.at(-1)).toEqual(commands.b)
  })
})
