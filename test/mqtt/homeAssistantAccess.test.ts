import { describe, expect, it, vi } from 'vitest'
import { describe as describeTopic, deviceAt, temperatureIn } from '../../src/description.js'
import type { Reading } from '../../src/model.js'
import { listener } from '../support/listener.js'
import { mosquitto, mosquittoMissing } from '../support/mosquitto.js'
import { temporaryFile } from '../support/program.js'
import { startConnection } from './startConnection.js'

const device = deviceAt('kitchen')
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
