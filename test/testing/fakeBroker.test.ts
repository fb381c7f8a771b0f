import { map, NEVER, of, Subject } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Reading } from '../../src/model.js'
import { report } from '../../src/report.js'
import { fakeBroker } from '../../src/testing/fakeBroker.js'
import { marbles } from '../../src/testing/marbles.js'
import { collect } from '../support/collect.js'
import { quietLog } from '../support/quietLog.js'

const attic = (value: number): Reading => ({ destination: 'attic', value, decimals: 1 })
const readings = { a: attic(21), b: attic(22), c: attic(23), d: { destination: 'cellar', value: 9 } }
const messages = {
  a: { topic: 'test/attic', payload: '21.0' },
  b: { topic: 'test/attic', payload: '22.0' },
  c: { topic: 'test/attic', payload: '23.0' },
  d: { topic: 'test/cellar', payload: '9' },
}
const upDown = { o: true, x: false }

describe('fakeBroker', () => {
  it('records what is published, as the real connection would write it', () =>
    marbles(({ hot, expectObservable }) => {
      const source = '   -a-d-b-'
      const published = '-a-d-b-'
      const broker = fakeBroker()
      report({ sensors: [hot(source, readings)], connections: [broker.connection] }).subscribe()
      expectObservable(broker.published$).toBe(published, messages)
    }))

  it('goes down and up on a marble line: the latest reading of every destination waits', () =>
    marbles(({ hot, expectObservable }) => {
      const source = '   -a---b-d-c----'
      const up = '       o--x-------o--'
      const published = '-a---------(dc)'
      const status = '   o--x-------o--'
      const broker = fakeBroker({ up$: hot(up, upDown) })
      report({ sensors: [hot(source, readings)], connections: [broker.connection] }).subscribe()
      expectObservable(broker.published$).toBe(published, messages)
      expectObservable(broker.status$.pipe(map((said) => (said === 'ONLINE' ? 'o' : 'x')))).toBe(status)
    }))

  it('repeats the latest readings when it is back, and when it is asked to', () =>
    marbles(({ hot, expectObservable }) => {
      const source = '   -a----------'
      const up = '       o--x--o-----'
      const commands = ' ---------r--'
      const published = '-a----a--a--'
      const broker = fakeBroker({
        up$: hot(up, upDown),
        commands$: hot(commands, { r: { source: 'refresh', payload: '' } }),
      })
      report({ sensors: [hot(source, readings)], connections: [broker.connection] }).subscribe()
      expectObservable(broker.published$).toBe(published, messages)
    }))

  it('says retained states again when it is back, retained and acknowledged', () =>
    marbles(({ hot, expectObservable }) => {
      const source = '   -s---------'
      const up = '       o--x--o-----'
      const published = '-s----s----'
      const broker = fakeBroker({ up$: hot(up, upDown) })
      const state: Reading = { destination: 'attic/status', value: 'ONLINE', retain: true }
      report({ sensors: [hot(source, { s: state })], connections: [broker.connection] }).subscribe()
      expectObservable(broker.published$).toBe(published, {
        s: { topic: 'test/attic/status', payload: 'ONLINE', qos: 1, retain: true },
      })
    }))

  it('keeps as much as the delivery says while it is down', () =>
    marbles(({ hot, expectObservable }) => {
      const source = '   -a-b----------'
      const up = '       -------o------'
      const published = '-------(ab)---'
      const broker = fakeBroker({ up$: hot(up, upDown), delivery: { qos: 1, offline: 'all' } })
      report({ sensors: [hot(source, readings)], connections: [broker.connection] }).subscribe()
      expectObservable(broker.published$).toBe(published, {
        a: { ...messages.a, qos: 1 },
        b: { ...messages.b, qos: 1 },
      })
    }))

  it('sends commands while it is up, with the name of the connection, and not our own words', () =>
    marbles(({ hot, expectObservable }) => {
      const source = '   -e-----------'
      const up = '       o-----x---o--'
      const commands = ' --e-f--f---f-'
      const heard = '    ----f------f-'
      const lamp = { source: 'lamp', payload: 'ON' }
      const broker = fakeBroker({
        name: 'home',
        up$: hot(up, upDown),
        commands$: hot(commands, { e: lamp, f: { source: 'lamp', payload: 'OFF' } }),
      })
      const sensor = hot<Reading>(source, { e: { destination: 'lamp', value: 'ON', echo: true } })
      expectObservable(report({ sensors: [sensor], connections: [broker.connection] })).toBe(heard, {
        f: { source: 'lamp', payload: 'OFF', from: 'home' },
      })
    }))

  it('is OFFLINE after a stop, and the report completes', () =>
    marbles(({ hot, expectObservable }) => {
      const source = '   -a-b-c-'
      const stop = '     ----s--'
      const reported = ' ----|'
      const published = '-a-b---'
      const status = '   o---x--'
      const broker = fakeBroker()
      const sensors = [hot(source, readings)]
      expectObservable(report({ sensors, connections: [broker.connection], stop$: hot(stop) })).toBe(reported)
      expectObservable(broker.published$).toBe(published, messages)
      expectObservable(broker.status$.pipe(map((said) => (said === 'ONLINE' ? 'o' : 'x')))).toBe(status)
    }))

  it('can be used without marbles: what happened before somebody looks is not lost', () => {
    const broker = fakeBroker()
    report({ sensors: [of(readings.a)], connections: [broker.connection] }).subscribe()
    expect(collect(broker.published$)).toEqual([messages.a])
    expect(collect(broker.status$)).toEqual(['ONLINE', 'OFFLINE'])
  })

  it('sends what a test says, until the connection is closed', () => {
    const broker = fakeBroker()
    const stop$ = new Subject<void>()
    const heard = collect(report({ sensors: [NEVER], connections: [broker.connection], stop$ }))
    broker.send({ source: 'lamp', payload: 'ON' })
    stop$.next()
    broker.send({ source: 'lamp', payload: 'OFF' })
    expect(heard).toEqual([{ source: 'lamp', payload: 'ON', from: 'fake' }])
    expect(collect(broker.status$)).toEqual(['ONLINE', 'OFFLINE'])
  })

  it('leaves out what is addressed to others, and what cannot be published', () => {
    const log = quietLog()
    const broker = fakeBroker({ name: 'home', log })
    const sensors = [
      of<Reading[]>(
        { ...readings.a, to: ['office'] },
        { ...readings.b, destination: 'a/#' },
        { ...readings.d, to: ['home'] },
      ),
    ]
    report({ sensors, connections: [broker.connection] }).subscribe()
    expect(collect(broker.published$)).toEqual([messages.d])
    expect(log.warn).toHaveBeenCalledOnce()
  })
})
