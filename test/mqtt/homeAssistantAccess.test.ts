import { describe, expect, it, vi } from 'vitest'
import { describe as describeTopic, deviceAt, temperatureIn } from '../../src/description.js'
import type { Reading } from '../../src/model.js'
import { listener } from '../support/listener.js'
import { mosquitto, mosquittoMissing } from '../support/mosquitto.js'
import { temporaryFile } from '../support/program.js'
import { startConnection } from './startConnection.js'

const device = deviceAt('kitchen')
const oven = deviceAt('oven')
const about = describeTopic(device, 'kitchen/temp_c', 'temperature_c', temperatureIn('C'))
const reading = (value: string): Reading => ({ destination: 'kitchen/temp_c', value, about })

/** A broker whose access list has these rules for the daemon; whoever else logs in may read everything. */
async function brokerWith(...rules: readonly string[]) {
  const acl = temporaryFile(
    'acl',
    ['user daemon', ...rules, 'user other', 'topic readwrite #', ''].join('\n'),
  )
  const broker = await mosquitto({
    users: { daemon: 'hunter2', other: 'hunter2' },
    lines: [`acl_file ${acl}`],
  })
  await broker.start()
  return broker
}

/** A document of several KB, of 40 probes. */
const probes = Array.from({ length: 40 }, (_, n): Reading => {
  const topic = `oven/probe${n}/temp_c`
  const about = describeTopic(oven, topic, 'temperature_c', temperatureIn('C'), { part: `probe${n}` })
  return { destination: topic, value: '60', about }
})

const login = { user: 'daemon', password: 'hunter2' }

describe.skipIf(mosquittoMissing).each(['3.1.1', '5'] as const)(
  'An access list, over MQTT %s,',
  (version) => {
    it('that forbids the documents keeps no reading back, and is said at most once', async () => {
      const { port } = await brokerWith('topic readwrite root/#')
      const { heard, until } = await listener(port, { username: 'other', password: 'hunter2' })
      const { sendReading, logged, lines, stop } = startConnection({
        port,
        version,
        login,
        homeAssistant: true,
      })
      await logged(/connected/)
      for (const value of ['21.1', '21.2', '21.3']) {
        sendReading(reading(value))
        await until(`root/kitchen/temp_c ${value}`)
      }
      if (version === '5') await logged(/refuses messages on homeassistant/)
      await stop()
      expect(heard.filter((message) => message.startsWith('homeassistant/'))).toEqual([])
      // One that speaks 3.1.1 does not say that it refuses something.
      expect(lines.filter((line) => !/connected/.test(line))).toEqual(
        version === '5'
          ? [expect.stringMatching(/refuses messages on homeassistant\/device\/sr_root\/config \(0x87\)/)]
          : [],
      )
    })

    it('that allows them has that of a device come before its reading', async () => {
      const { port } = await brokerWith(
        'topic readwrite root/#',
        'topic readwrite homeassistant/device/+/config',
        'topic read homeassistant/status',
      )
      const { heard } = await listener(port, { username: 'other', password: 'hunter2' })
      const { sendReading, logged, lines } = startConnection({ port, version, login, homeAssistant: true })
      await logged(/connected/)
      sendReading(reading('21.1'))
      const topics = () =>
        heard.map((message) => message.replace(/ .*/, '')).filter((topic) => topic !== 'root/status')
      // One that was read before the broker has taken the first document is said again after that of its device.
      await vi.waitFor(() =>
        expect(topics().slice(-2)).toEqual([
          'homeassistant/device/sr_root_kitchen/config',
          'root/kitchen/temp_c',
        ]),
      )
      expect(topics().find((topic) => topic.startsWith('homeassistant/'))).toBe(
        'homeassistant/device/sr_root/config',
      )
      expect(lines.filter((line) => !/connected/.test(line))).toEqual([])
    })
  },
)

describe.skipIf(mosquittoMissing)('A message that is too large', () => {
  it.each(['3.1.1', '5'] as const)(
    'for the broker, over MQTT %s, is a document that is left out, and said once; readings go on',
    async (version) => {
      const broker = await mosquitto({ lines: ['max_packet_size 4000'] })
      await broker.start()
      const { heard, until } = await listener(broker.port)
      const { sendReading, logged, lines } = startConnection({
        port: broker.port,
        version,
        homeAssistant: true,
      })
      await logged(/connected/)
      await until('root/status ONLINE')
      await vi.waitFor(() => expect(heard.join('\n')).toContain('device/sr_root/config'))
      probes.forEach(sendReading)
      sendReading(reading('21.1'))
      await logged(/homeassistant\/device\/sr_root_oven\/config/)
      await until('root/kitchen/temp_c 21.1')
      await until('root/oven/probe39/temp_c 60')
      expect(lines.filter((line) => line.includes('sr_root_oven'))).toHaveLength(1)
      expect(heard.filter((message) => message.includes('sr_root_oven/config'))).toEqual([])
    },
    20_000,
  )

  it('from the broker, of another program’s document, does not end one link after the other', async () => {
    const broker = await mosquitto()
    await broker.start()
    const { client, until, heard } = await listener(broker.port)
    const large = { retain: true, qos: 1 } as const
    await client.publishAsync('homeassistant/device/other/config', 'x'.repeat(100_000), large)
    const { commands, logged } = startConnection({
      port: broker.port,
      homeAssistant: true,
      commandSources: ['lamp'],
    })
    await logged(/nothing is read on "homeassistant\/device\/other\/config" for an hour/)
    await until('root/status ONLINE', heard.lastIndexOf('root/status ONLINE') + 1)
    for (let n = 0; n < 5; n += 1) {
      await client.publishAsync('root/lamp', String(n))
      await commands.until(({ payload }) => payload === String(n))
    }
  })
})
