import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { listener } from '../support/listener.js'
import { mosquitto, mosquittoMissing } from '../support/mosquitto.js'
import { program, temporaryFile } from '../support/program.js'

const connection = (number: number, name: string, host: string, port: number) => `[Connection${number}]
Class = mqtt.mqtt_conn.MqttConnection
Name = ${name}
Client = ${name}
User =
Password =
Host = ${host}
Port = ${port}
Keepalive = 10
RootTopic = root
`

const actuators = `[Actuator1]
Class = gpio.rpi_gpio.RpiGpioActuator
CommandSrc = light
Pin = 17
[Actuator2]
Class = gpio.rpi_gpio.RpiGpioActuator
CommandSrc = garage
Pin = 18
InitialState = ON
Toggle = YES
[Actuator3]
Class = exec.exec_actuator.ExecActuator
Command = echo
CommandSrc = run
ResultsDest = ran
[Actuator4]
Class = gpio.rpi_gpio.RpiGpioActuator
CommandSrc = over
Pin = 22
[Actuator5]
Class = gpio.rpi_gpio.RpiGpioActuator
Connection = MQTT
CommandSrc = all
Pin = 19
ToggleDebounce = 0
IgnoreRetained = NO
`

const retained = { light: 'ON', garage: 'ON', run: 'hello', over: 'TOGGLE', all: 'TOGGLE' }

describe.skipIf(mosquittoMissing)('commands that a broker retained', () => {
  it('count once for a switch and never for what acts, over reconnects, brokers, connections and reloads', async () => {
    const first = await mosquitto()
    const second = await mosquitto({ address: '127.0.0.2', port: first.port })
    for (const [broker, host] of [
      [first, '127.0.0.1'],
      [second, '127.0.0.2'],
    ] as const) {
      await broker.start()
      const { client } = await listener(first.port, { host })
      for (const [source, command] of Object.entries(retained))
        await client.publishAsync(`root/${source}`, command, { qos: 1, retain: true })
    }
    const { client, heard } = await listener(first.port, { host: '127.0.0.2' })
    const connections =
      connection(1, 'MQTT', '127.0.0.1, 127.0.0.2', first.port) +
      connection(2, 'other', '127.0.0.2', first.port)
    const file = temporaryFile('retained.ini', connections + actuators)
    const daemon = program(['run', file, '--simulate'])
    const { lines } = daemon
    const pin = (line: number) => lines.flatMap((text) => text.match(`GPIO ${line} is (\\w+)`)?.[1] ?? [])

    // What stands last in the file is asked for last, and toggles whenever the broker says what it retained.
    await daemon.until(/GPIO 19 is HIGH/)
    await daemon.until(/"ON" on light, which the broker had retained, is not obeyed/)
    await client.publishAsync('root/light', 'OFF', { qos: 1 })
    await daemon.until(/GPIO 17 is LOW/, lines.findIndex((text) => text.includes('GPIO 17 is HIGH')) + 1)
    expect(pin(17)).toEqual(['LOW', 'HIGH', 'LOW'])
    expect(pin(18)).toEqual(['HIGH'])

    let before = lines.length
    await first.kill()
    await daemon.until(/GPIO 19 is LOW/, before)

    before = lines.length
    const changed = (connections + actuators).replaceAll('Keepalive = 10', 'Keepalive = 11')
    writeFileSync(file, changed)
    daemon.child.kill('SIGHUP')
    await daemon.until(/GPIO 19 is HIGH/, before)

    expect(pin(17).filter((level) => level === 'HIGH')).toHaveLength(1)
    expect(pin(18)).not.toContain('LOW')
    expect(pin(22)).not.toContain('HIGH')
    expect(heard.filter((text) => text.startsWith('root/ran'))).toEqual([])
    // Once, and once again after the reload.
    expect(lines.filter((text) => text.includes('on garage, which the broker had retained'))).toEqual(
      Array(2).fill(
        expect.stringMatching(/"ON".* is not obeyed: it would act at every reconnect; IgnoreRetained = NO/),
      ),
    )
  })
})
