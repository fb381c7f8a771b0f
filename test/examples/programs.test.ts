import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { delay, filter, lastValueFrom, map, of, share } from 'rxjs'
import { embeddedBroker, goveeReports, goveeSensor, mqttConnection, report } from 'sensor-reporter'
import { advertisement, fakeBroker, marbles } from 'sensor-reporter/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { journal } from '../support/journal.js'
import { listener } from '../support/listener.js'
import { mosquitto } from '../support/mosquitto.js'
import { temporaryFile } from '../support/program.js'
import { quietLog } from '../support/quietLog.js'
import { siren, tooHot } from './atticAlarm.js'
import { averages } from './averages.js'
import { withDewPoint } from './dewPoint.js'
import { airing, fan, local } from './fan.js'
import { userFolder } from './userFolder.js'

const minute = 60_000
const attic = 'a4:c1:38:11:22:33'
const outside = 'a4:c1:38:44:55:66'
const options = { destination: 'govee', devices: { [attic]: 'attic', [outside]: 'outside' } }
const heard = (temperature: number, address = attic) =>
  advertisement({ model: 'H5075', address, temperature, humidity: 50, battery: 90 })

it('atticAlarm.ts says on the broker that the attic has been hot for ten minutes, and that it no longer is', () =>
  marbles(({ hot, expectObservable }) => {
    const air = '   c-h--c-h---h---------c'
    const alarms = 'x----------------o---x'
    const rooms$ = goveeSensor(hot(air, { c: heard(35), h: heard(35.1) }), options)
    const { connection, published$ } = fakeBroker({ rootTopic: 'home' })
    report({ sensors: [rooms$], connections: [connection, tooHot], actuators: [siren] }).subscribe()
    const alarm$ = published$.pipe(filter(({ topic }) => topic === 'home/attic/alarm'))
    expectObservable(alarm$.pipe(map(({ payload }) => payload))).toBe(alarms, { o: 'ON', x: 'OFF' })
  }, minute))

it('averages.ts says the average of each room at the end of every minute, and nothing of a minute without readings', () =>
  marbles(({ hot, expectObservable }) => {
    // A character is ten seconds.
    const air = '     -abo---------c------'
    const end = '     ^-------------------!'
    const expected = '------(mo)--------c--'
    const reports$ = goveeReports(
      hot(air, { a: heard(20), b: heard(21), c: heard(-3.4), o: heard(8, outside) }),
      options,
    )
    expectObservable(averages(reports$), end).toBe(expected, {
      m: { destination: 'attic/temp_c', value: 20.5, decimals: 2 },
      o: { destination: 'outside/temp_c', value: 8, decimals: 2 },
      c: { destination: 'attic/temp_c', value: -3.4, decimals: 2 },
    })
  }, 10_000))

it('fan.ts switches the fan on when the attic is 3 °C warmer than outside, and off when it is 1 °C warmer', () => {
  const file = temporaryFile('brightness', '')
  marbles(({ hot, expectObservable }) => {
    const air = '     o-a-b-a-c-a'
    const end = '     ^----------!'
    const switched = '--x-o---x--'
    const at = { o: heard(20, outside), a: heard(22), b: heard(23.1), c: heard(21) }
    const { connection, published$ } = fakeBroker()
    report({
      sensors: [airing(goveeReports(hot(air, at), options))],
      connections: [local, connection],
      actuators: [fan(file)],
    }).subscribe()
    const state$ = published$.pipe(filter(({ topic }) => topic === 'test/fan/is'))
    const written$ = state$.pipe(map(() => readFileSync(file, 'utf8')))
    expectObservable(written$, end).toBe(switched, { o: '1', x: '0' })
  })
})

it('dewPoint.ts publishes the dew point beside what its room reports', () =>
  marbles(({ hot, expectObservable }) => {
    const { connection, published$ } = fakeBroker({ rootTopic: 'home' })
    report({
      sensors: [withDewPoint(goveeReports(hot('-a', { a: heard(21.7) }), options))],
      connections: [connection],
    }).subscribe()
    const dew$ = published$.pipe(filter(({ topic }) => topic === 'home/attic/dew_point_c'))
    expectObservable(dew$.pipe(map(({ payload }) => payload))).toBe('-d', { d: '10.8' })
  }))

it('what is derived from shared readings and keeps their device joins the JSON object of that device', async () => {
  const broker = await mosquitto()
  await broker.start()
  const { heard: published, until } = await listener(broker.port)
  const packets$ = of(heard(21.7), heard(8, outside)).pipe(delay(0))
  const rooms$ = goveeSensor(packets$, options).pipe(share())
  const kelvin$ = rooms$.pipe(
    filter(({ destination }) => destination.endsWith('/temp_c')),
    map((reading) => ({
      ...reading,
      destination: `${String(reading.device)}/kelvin`,
      value: Number(reading.value) + 273,
    })),
  )
  const log = quietLog()
  const home = mqttConnection(
    { host: 'localhost', port: broker.port, rootTopic: 'home', format: 'json' },
    log,
  )
  await lastValueFrom(report({ sensors: [rooms$, kelvin$], connections: [home] }), {
    defaultValue: undefined,
  })
  await until('home/status OFFLINE')
  const objects = published.map((line) => line.replace(/,"at":".*?"/, ''))
  expect(objects.sort()).toEqual([
    'home/attic {"temperature_c":21.7,"kelvin":294.7,"temperature_f":71.1,"humidity":50,"battery":90,"rssi":-61}',
    'home/outside {"temperature_c":8,"kelvin":281,"temperature_f":46.4,"humidity":50,"battery":90,"rssi":-61}',
    'home/status OFFLINE',
    'home/status ONLINE',
  ])
})

describe('as a program', () => {
  /** Runs an example as a user would; it ends with the test. */
  function run(name: string, replace: Readonly<Record<string, string>> = {}) {
    const child = spawn(process.execPath, [join(userFolder([`${name}.ts`], replace), `${name}.js`)])
    onTestFinished(() => void child.kill())
    const lines = journal<string>()
    for (const stream of [child.stdout, child.stderr]) createInterface(stream).on('line', lines.add)
    child.on('exit', (code) => lines.add(`exit ${String(code)}`))
    return lines
  }

  it.each(['atticAlarm', 'averages', 'dewPoint', 'rooms'])('%s.ts connects to its broker', async (name) => {
    const broker$ = embeddedBroker({ host: 'localhost', port: 0, log: quietLog() })
    const { port } = await new Promise<{ readonly port: number }>((resolve, reject) => {
      const broker = broker$.subscribe({ next: resolve, error: reject })
      onTestFinished(() => broker.unsubscribe())
    })
    const { until } = await listener(port)
    run(name, { "host: 'localhost'": `host: 'localhost', port: ${port}` })
    await until('home/status ONLINE')
  })

  it('once.ts publishes its reading and ends, or says why it could not', async () => {
    const broker = await mosquitto()
    const replace = { "host: 'localhost'": `host: 'localhost', closeTimeout: 300, port: ${broker.port}` }
    const failed = run('once', replace)
    await failed.until((line) => line.startsWith('Error: cannot reach broker localhost'))
    await expect(failed.until((line) => line.startsWith('exit'))).resolves.toBe('exit 1')
    await broker.start()
    const { heard, until } = await listener(broker.port)
    const patient = { "host: 'localhost'": `host: 'localhost', port: ${broker.port}` }
    await expect(run('once', patient).until((line) => line.startsWith('exit'))).resolves.toBe('exit 0')
    await until('home/status OFFLINE')
    expect(heard).toEqual(['home/status ONLINE', 'home/attic/temp_c 21.5', 'home/status OFFLINE'])
  })

  it('fan.ts listens, or says what it would need for that', async () => {
    await expect(run('fan').until((line) => /bluetooth|hci/i.test(line))).resolves.toBeTruthy()
  })
})
