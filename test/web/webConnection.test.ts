import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BehaviorSubject, NEVER, Subject } from 'rxjs'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { load, type Loaded } from '../../src/config/load.js'
import { daemon, type Reporter } from '../../src/daemon.js'
import { simulatedGpio } from '../../src/gpio/simulatedGpio.js'
import type { Advertisement } from '../../src/radio/advertisement.js'
import type { RadioState } from '../../src/radio/state.js'
import { advertisement } from '../../src/testing/advertisement.js'
import type { All } from '../../src/web/wire.js'
import { WebConnection, webConnection } from '../../src/web/webConnection.js'
import { recordedLog } from '../support/recordedLog.js'
import { runExample } from '../support/runExample.js'
import { program } from '../support/program.js'
import { temporaryFolder } from '../support/temporaryFolder.js'
import { ask, openPage, posted } from './startPage.js'

const issues = async (texts: Record<string, string>) =>
  ((await WebConnection.options.safeParseAsync({ Name: 'page', ...texts })).error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  )

describe('the parameters of a page', () => {
  it('are none but a name for this machine alone', async () => {
    expect(await issues({})).toEqual([])
    expect(await issues({ Host: 'localhost' })).toEqual([])
    expect(await issues({ Host: '::1' })).toEqual([])
  })

  it.each(['0.0.0.0', '::', '192.0.2.1', 'raspberrypi', '127.example'])(
    'must have a password where Host is %s',
    async (Host) => {
      const missing = 'Password: missing, it is required: others than this machine can reach Host'
      expect(await issues({ Host })).toEqual([missing])
      expect(await issues({ Host, Password: '' })).toEqual([missing])
      expect(await issues({ Host, Password: 'p#ss' })).toEqual([])
    },
  )

  it('must have a certificate and its key to encrypt, in files that hold them', async () => {
    expect(await issues({ TLS: 'YES' })).toEqual([
      'Cert: missing, it is required: TLS = YES needs a certificate',
      'Key: missing, it is required: TLS = YES needs the key of its certificate',
    ])
    const file = join(temporaryFolder(), 'page.crt')
    writeFileSync(file, 'nothing of the kind')
    expect(await issues({ TLS: 'YES', Cert: file, Key: file })).toEqual([
      expect.stringContaining('Cert: there is no certificate in the file'),
      expect.stringContaining('Key: there is no private key in the file'),
    ])
  })

  it.each(['sensors', '/a b', '/a?b', '//evil.example'])('have no BasePath %s', async (BasePath) => {
    expect(await issues({ BasePath })).toEqual([
      'BasePath: expected a path that begins with /, such as /sensors',
    ])
  })

  it('are checked in code as in a file, with the same sentences', () => {
    expect(() => webConnection({ host: '0.0.0.0', port: 70_000, basePath: 'x' })).toThrow(
      'webConnection: port: expected an integer from 0 to 65535, got 70000\nwebConnection: basePath: expected a path that begins with /, such as /sensors, got "x"',
    )
    expect(() => webConnection({ host: '0.0.0.0' })).toThrow(
      'webConnection: password: missing, it is required: others than this machine can reach host',
    )
  })
})

/** Runs configurations one after the other, as the daemon does; the page of the first is looked at. */
async function running(text: string) {
  const radio$ = new Subject<Advertisement>()
  const state$ = new BehaviorSubject<RadioState>({ kind: 'listening' })
  const { log, lines, until } = recordedLog()
  const read = (config: string, previous?: Loaded) =>
    load(
      config,
      {
        file: 'page.ini',
        env: {},
        getLogger: () => log,
        radio: () => ({ advertisements$: radio$, state$ }),
        gpio: simulatedGpio(),
      },
      previous,
    )
  const reporters$ = new Subject<Reporter>()
  const run = daemon(reporters$, NEVER).subscribe()
  onTestFinished(() => run.unsubscribe())
  let previous: Loaded | undefined
  const next = async (config: string) => {
    previous = await read(config, previous)
    expect(previous.problems).toEqual([])
    if (previous.reporter) reporters$.next(previous.reporter)
  }
  await next(text)
  const [url = ''] = /http:\S+/.exec(await until(/the page is at/)) ?? []
  const all = async () => {
    const { named, response } = await openPage(url)
    await vi.waitFor(() => expect(named('all')).toHaveLength(1))
    response.destroy()
    return named('all')[0] as All
  }
  return { url, radio$, state$, next, all, lines }
}

const port = async () => {
  const { freePort } = await import('../../src/commands/demo.js')
  return freePort(0)
}

describe('a page in a configuration', () => {
  const page = async (more = '') => `[Connection1]
Class = web.web_conn.WebConnection
Name = page
Port = ${await port()}
${more}
[Sensor0]
Class = ble.ble_sensor.BleSensor
Destination = ble
Address1 = a4:c1:38:11:22:33
Destination1 = attic
[Actuator0]
Class = gpio.rpi_gpio.RpiGpioActuator
Connection = page
Pin = 17
CommandSrc = lamp
`
  it('shows what is heard with its words, what the radio is doing, and what may be commanded; and the state comes back', async () => {
    const { url, radio$, state$, all } = await running(await page())
    radio$.next(
      advertisement({ model: 'H5075', temperature: 21.7, humidity: 50.2, address: 'a4:c1:38:11:22:33' }),
    )
    await vi.waitFor(async () => {
      const { topics } = await all()
      expect(topics.find(({ topic }) => topic === 'attic/temp_c')).toMatchObject({
        text: '21.7',
        unit: '°C',
        name: 'temperature_c',
        device: { name: 'attic', model: 'H5075', address: 'A4:C1:38:11:22:33' },
      })
    })
    expect(await all()).toMatchObject({
      commandSources: ['lamp'],
      states: { Bluetooth: { text: 'LISTENING', ok: true } },
    })
    expect((await ask(`${url}health`)).status).toBe(200)
    state$.next({ kind: 'deaf', since: 0 })
    expect(await ask(`${url}health`)).toMatchObject({
      status: 503,
      text: 'Bluetooth: DEAF since 1970-01-01T00:00:00.000Z\n',
    })
    await ask(`${url}command`, posted({ source: 'lamp', payload: 'ON' }))
    await vi.waitFor(async () =>
      expect((await all()).topics.find(({ topic }) => topic === 'lamp')).toMatchObject({
        text: 'ON',
        commands: { topic: 'lamp', words: ['ON', 'OFF'] },
      }),
    )
    const metrics = await ask(`${url}metrics`)
    expect(metrics.text).toContain('# HELP sensor_reporter_temperature_c temperature_c, °C\n')
    expect(metrics.text).toContain(
      'sensor_reporter_temperature_c{device="attic",topic="attic/temp_c",part="",brand="Govee",model="H5075",address="A4:C1:38:11:22:33"} 21.7\n',
    )
    expect(metrics.text).toContain(
      'sensor_reporter_switch{device="lamp",topic="lamp",part="",brand="",model="",address=""} 1\n',
    )
  })

  it('has in range who is heard, with the name from the file or the lines to paste', async () => {
    const { url, radio$ } = await running(await page())
    await ask(`${url}heard`)
    const heard = async () => JSON.parse((await ask(`${url}heard`)).text) as unknown[]
    await vi.waitFor(async () => {
      for (const address of ['a4:c1:38:11:22:33', 'a4:c1:38:44:55:66'])
        radio$.next(advertisement({ model: 'H5075', temperature: 21.7, humidity: 50.2, address }))
      expect(await heard()).toMatchObject([
        {
          address: 'a4:c1:38:44:55:66',
          configured: false,
          lines: ['Address1 = a4:c1:38:44:55:66', 'Destination1 = GVH5075_5566'],
        },
        { address: 'a4:c1:38:11:22:33', configured: true },
      ])
    })
  })

  it('goes on over a reload with what it remembers, and hears of what is new', async () => {
    const text = await page()
    const { url, radio$, next, all, lines } = await running(text)
    radio$.next(
      advertisement({ model: 'H5075', temperature: 21.7, humidity: 50.2, address: 'a4:c1:38:11:22:33' }),
    )
    const { events, named } = await openPage(url)
    await vi.waitFor(() => expect(named('all')).toHaveLength(1))
    await next(text.replace('CommandSrc = lamp', 'CommandSrc = fan'))
    await vi.waitFor(() => expect(named('sources').at(-1)).toEqual(['fan']))
    expect(named('all')).toHaveLength(1)
    expect(events.some(({ name }) => name === 'bye')).toBe(false)
    expect((await all()).topics.find(({ topic }) => topic === 'attic/temp_c')?.text).toBe('21.7')
    expect(lines.filter((line) => line.includes('the page is at'))).toHaveLength(1)
  })

  it('remembers what was said also where a reload has changed its own section', async () => {
    vi.useFakeTimers({ now: 1_800_000_000_000, toFake: ['Date'] })
    onTestFinished(() => void vi.useRealTimers())
    const text = await page()
    const { url, radio$, next, all } = await running(text)
    // Again and again: what is said while there is no page is not said again by itself.
    const says = (temperature: number) =>
      vi.waitFor(async () => {
        radio$.next(
          advertisement({ model: 'H5075', temperature, humidity: 50, address: 'a4:c1:38:11:22:33' }),
        )
        const topic = (await all()).topics.find(({ topic }) => topic === 'attic/temp_c')
        expect(topic?.text).toBe(`${temperature}`)
        return topic?.id
      })
    await says(21.7)
    await next(text.replace('Name = page', 'Name = page\nHostNames = home.example'))
    vi.setSystemTime(1_800_000_060_000)
    const id = await says(21.9)
    expect(JSON.parse((await ask(`${url}history?id=${id}`)).text)).toMatchObject([{ values: [21.7, 21.9] }])
  })

  it('counts for Prometheus what has become of the readings of other connections', async () => {
    const mqtt = [
      '[Connection0]\nClass = mqtt.mqtt_conn.MqttConnection\nName = MQTT\nClient = page-test\nUser =\nPassword =',
      `Host = 127.0.0.1\nPort = ${await port()}\nKeepalive = 60\nRootTopic = home\n`,
    ].join('\n')
    const text = await page()
    const { url, radio$, next } = await running(mqtt + text)
    radio$.next(
      advertisement({ model: 'H5075', temperature: 21.7, humidity: 50.2, address: 'a4:c1:38:11:22:33' }),
    )
    const metrics = async () => (await ask(`${url}metrics`)).text
    await vi.waitFor(async () =>
      expect(await metrics()).toMatch(/sensor_reporter_connection_waiting\{section="Connection0"\} [1-9]/),
    )
    expect((await metrics()).split('\n')).toEqual(
      expect.arrayContaining([
        '# TYPE sensor_reporter_connection_dropped_total counter',
        'sensor_reporter_connection_dropped_total{section="Connection0",reason="overflow"} 0',
        'sensor_reporter_connection_reconnects_total{section="Connection0"} 0',
        '# TYPE sensor_reporter_connection_in_flight gauge',
        'sensor_reporter_connection_in_flight{section="Connection0"} 0',
      ]),
    )
    await next(text)
    await vi.waitFor(async () => expect(await metrics()).not.toContain('Connection0'))
  })

  it('is config/examples/web-page.ini', async () => {
    const history = join(temporaryFolder(), 'history.jsonl')
    const { problems, logged } = await runExample('web-page', undefined, {
      'Port = 8080': `Port = ${await port()}`,
      'History = history.jsonl': `History = ${history}`,
    })
    expect(problems).toEqual([])
    const [url = ''] = /http:\S+/.exec(await logged(/the page is at/)) ?? []
    await vi.waitFor(async () =>
      expect((await ask(`${url}metrics`)).text).toContain('sensor_reporter_uptime{'),
    )
  })
})

describe('--web', () => {
  it('shows all that a configuration says beside its own connections, and commands every actuator', async () => {
    const web = await port()
    const file = join(temporaryFolder(), 'home.ini')
    writeFileSync(
      file,
      `[Connection1]
Class = local.local_conn.LocalConnection
Name = local
[Sensor0]
Class = heartbeat.heartbeat.Heartbeat
Connection = local
Poll = 60
Num-Dest = number
Str-Dest = text
[Actuator0]
Class = gpio.rpi_gpio.RpiGpioActuator
Connection = local
Pin = 17
CommandSrc = lamp
`,
    )
    const daemon = program(['run', file, '--simulate', '--web', String(web)])
    await daemon.until(/the page is at http:\/\/127\.0\.0\.1:\d+\//)
    const url = `http://127.0.0.1:${web}/`
    await vi.waitFor(async () =>
      expect((await ask(`${url}metrics`)).text).toContain('sensor_reporter_uptime{'),
    )
    expect((await ask(`${url}command`, posted({ source: 'lamp', payload: 'ON' }))).status).toBe(202)
    await daemon.until(/17.*HIGH/)
    daemon.child.kill('SIGTERM')
    expect(await daemon.exit).toBe(0)
  })

  it('shows the demo', async () => {
    const web = await port()
    const demo = program(['demo', '--web', String(web)])
    await vi.waitFor(async () => {
      const { named, response } = await openPage(`http://127.0.0.1:${web}/`)
      await vi.waitFor(() => expect(named('all')).toHaveLength(1), { timeout: 1000 })
      response.destroy()
      expect((named('all')[0] as All).topics.map(({ topic }) => topic)).toEqual(
        expect.arrayContaining(['balcony/temp_c', 'lamp']),
      )
    })
    await demo.until(new RegExp(`the page: http://127\\.0\\.0\\.1:${web}/`))
    demo.child.kill('SIGTERM')
    expect(await demo.exit).toBe(0)
  })

  it('expects a port, if anything', async () => {
    const { exit, lines } = program(['run', 'home.ini', '--web', 'often'])
    expect(await exit).toBe(2)
    expect(lines.join('\n')).toContain('Expected a port from 1 to 65535.')
  })
})
