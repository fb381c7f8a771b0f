import { NEVER, of, tap } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { load } from '../../src/config/load.js'
import type { BluetoothOptions } from '../../src/radio/state.js'
import { report } from '../../src/report.js'
import { check } from './check.js'
import { environment } from './dummies.js'

const link = '[Connection1]\nClass = test.Link\nName = MQTT\nClient = a\nHost = localhost\n'
const sensor = '[Sensor0]\nClass = test.Constant\nDestination = x\n'

/** Runs a configuration with a radio that listens; what came out of its connection, and what the radio was told. */
async function run(text: string) {
  const told: BluetoothOptions[] = []
  const { reporter } = await load(text, {
    ...environment,
    radio: (options) => {
      told.push(options)
      return { advertisements$: NEVER, state$: of({ kind: 'listening' }) }
    },
  })
  const said: string[] = []
  if (!reporter) throw new Error('the configuration cannot be used')
  report(reporter)
    .pipe(tap(({ source, payload }) => said.push(`${source} ${payload}`)))
    .subscribe()
    .unsubscribe()
  return { told, said }
}

describe('[Bluetooth]', () => {
  it('tells the radio how to listen, when the reporter starts', async () => {
    const section =
      '[Bluetooth]\nAdapter = hci0, HCI1, 00:1A:7D:DA:71:13\nSilence = 60\nRestart = 0\nMinRssi = -90\n'
    expect((await run(section + link + sensor)).told).toEqual([
      {
        adapters: ['hci0', 'hci1', '00:1a:7d:da:71:13'],
        silence: 60_000,
        restart: 0,
        expire: 600_000,
        minRssi: -90,
      },
    ])
    expect((await run(link + sensor)).told).toEqual([{ silence: 90_000, restart: 900_000, expire: 600_000 }])
  })

  it.each([
    [
      'Adapter = eth0',
      'expected one adapter or several with commas between them, such as hci0,hci1 or 00:1a:7d:da:71:13, got "eth0"',
    ],
    ['Adapter = hci0,hci0', 'got "hci0,hci0"'],
    ['Silence = -1', 'expected a number of seconds from 0'],
    ['Restart = never', 'expected a number of seconds from 0'],
    ['Expire = -1', 'expected a number of seconds from 0'],
    ['MinRssi = -128', 'expected an integer from -127 to 20'],
  ])('refuses %s', async (line, message) => {
    expect(await check(`[Bluetooth]\n${line}\n${link}${sensor}`)).toEqual([expect.stringContaining(message)])
  })

  it('has its state published where there is a sensor', async () => {
    expect((await run(link + sensor)).said).toEqual(['Connection1/x 1', 'Connection1/bluetooth LISTENING'])
    expect((await run(link + '[Actuator0]\nClass = test.Switch\nDestination = z')).said).toEqual([])
  })

  it('keeps the topic of the state for itself', async () => {
    expect(await check(link + sensor.replace('= x', '= bluetooth'))).toEqual([
      expect.stringContaining("status, refresh, health and bluetooth below RootTopic are the program's own"),
    ])
  })
})
