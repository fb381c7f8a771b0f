import { expect, it } from 'vitest'
import { listener } from '../support/listener.js'
import { mosquitto, mosquittoMissing } from '../support/mosquitto.js'
import { needsNoble } from '../support/needsNoble.js'
import { program, temporaryFile } from '../support/program.js'
import { seed } from '../support/seed.js'

const deafAdapter = new URL('../support/deafAdapter.js', import.meta.url).href

needsNoble('run, with an adapter that hears nothing', () => {
  it.skipIf(mosquittoMissing)('publishes the state of the radio, and gives up with 3', async () => {
    const broker = await mosquitto({ users: { user: 'password' } })
    await broker.start()
    const { heard, until } = await listener(broker.port, { username: 'user', password: 'password' })
    const file = temporaryFile('deaf.ini', `${seed(broker.port)}\n[Bluetooth]\nSilence = 1\nRestart = 3\n`)
    const daemon = program(['run', file], { NODE_OPTIONS: `--import ${deafAdapter}` })
    expect(await daemon.exit).toBe(3)
    await until('sensor_reporter/status OFFLINE')
    const states = heard.filter((message) => message.startsWith('sensor_reporter/bluetooth'))
    expect(states).toEqual([
      'sensor_reporter/bluetooth LISTENING',
      expect.stringMatching(/^sensor_reporter\/bluetooth DEAF since 20\d\d-\d\d-\d\dT[\d:.]+Z$/),
    ])
    expect(daemon.lines.join('\n')).toMatch(/giving up: Bluetooth is deaf, and nothing has helped/)
  })
})
