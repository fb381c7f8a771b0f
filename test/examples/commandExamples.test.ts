import { describe, expect, it } from 'vitest'
import { kernelFiles } from '../support/kernelFiles.js'
import { listener } from '../support/listener.js'
import { mosquitto, mosquittoMissing } from '../support/mosquitto.js'
import { type Language, languages, runExample } from '../support/runExample.js'

/** A real broker with an example on it, and an independent client. */
async function onBroker(language: Language, name: string, replace: Readonly<Record<string, string>> = {}) {
  const broker = await mosquitto({ users: { user: 'password' } })
  await broker.start()
  const { client, heard, until } = await listener(broker.port, { username: 'user', password: 'password' })
  const example = await runExample(name, broker.port, replace, language)
  expect(example.problems).toEqual([])
  await until('sensor_reporter/status ONLINE')
  return {
    ...example,
    heard,
    until: (message: string, start = 0) => until(`sensor_reporter/${message}`, start),
    give: (topic: string, payload: string) => client.publishAsync(`sensor_reporter/${topic}`, payload),
  }
}

describe.skipIf(mosquittoMissing).each(languages)(
  'config/examples with commands, on a real broker: %s',
  (language) => {
    it('heartbeat says how long the program has been running', async () => {
      const { heard } = await onBroker(language, 'heartbeat')
      const said = () => heard.join('\n')
      await expect.poll(said).toMatch(/^sensor_reporter\/heartbeat\/num \d+$/m)
      await expect
        .poll(said)
        .toMatch(
          language === 'ini'
            ? /^sensor_reporter\/heartbeat\/str \d\d:\d\d:\d\d:\d\d$/m
            : /^sensor_reporter\/heartbeat\/str \d:\d\d:\d\d$/m,
        )
    })

    it('exec runs a program every ten seconds, and one on command', async () => {
      const { until, give } = await onBroker(language, 'exec')
      await until('Hellow Exec hello from sensor 1')
      await give('Test_Act1', 'good  morning')
      await until('Test_Act1_Results good morning')
      await give('Test_Act1', 'NA')
      await until('Test_Act1_Results ')
    })

    it('low-temperature runs the script when it freezes', async () => {
      const { root, write } = kernelFiles({
        'iio:device0/name': 'dht11@7\n',
        'iio:device0/in_temp_input': '-500\n',
        'iio:device0/in_humidityrelative_input': '48300\n',
      })
      const { until } = await onBroker(language, 'low-temperature', {
        'Poll = 2': `Poll = 0.1\nPath = ${root}`,
      })
      await until("results It's too cold! ON")
      write('iio:device0/in_temp_input', '500\n')
      await until("results It's too cold! OFF")
    })

    it('logic-or switches both lights by either switch, and says nothing of them to others', async () => {
      const { wire, give, driven, heard } = await onBroker(language, 'logic-or', {
        'Poll = 1': 'Poll = 0.01',
      })
      const bothAre = async (level: 'HIGH' | 'LOW', start: number) => {
        for (const line of [5, 19]) await driven.until((text) => text === `${line} ${level}`, start)
      }
      // The contact is open at first: its pin is HIGH, which is ON.
      await bothAre('HIGH', 0)
      await give('remote_switch', 'ON')
      wire(18, 'LOW')
      await give('remote_switch', 'OFF')
      await bothAre('LOW', driven.entries.lastIndexOf('5 HIGH'))
      const before = driven.entries.length
      await give('remote_switch', 'ON')
      await bothAre('HIGH', before)
      expect(heard.filter((message) => /_light|switch2/.test(message))).toEqual([])
    })
  },
)
