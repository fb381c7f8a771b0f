import { existsSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { listener } from '../support/listener.js'
import { mosquitto, mosquittoMissing } from '../support/mosquitto.js'
import { program, temporaryFile } from '../support/program.js'
import { missingFile } from './missingFile.js'
import { mqttSection } from './mqttSection.js'

const config = (port: number) => `${mqttSection(port)}
[Sensor1]
Class = exec.exec_sensor.ExecSensor
Connection = MQTT
Poll = 0.1
Script = echo reading
Destination = sensor

[Actuator1]
Class = exec.exec_actuator.ExecActuator
Connection = MQTT
Command = echo
CommandSrc = do
ResultsDest = done

[Actuator2]
Class = exec.exec_actuator.ExecActuator
Connection = MQTT
Command = basename -a
ArgsAfter = --
CommandSrc = print
ResultsDest = printed
`

describe.skipIf(mosquittoMissing)('hostile commands', () => {
  it('run nothing that they should not, stop nothing, and delay no readings', async () => {
    const broker = await mosquitto()
    await broker.start()
    const { client, heard, until } = await listener(broker.port)
    const times: number[] = []
    client.on('message', (topic) => topic === 'root/sensor' && times.push(performance.now()))
    const daemon = program(['run', temporaryFile('x.ini', config(broker.port))])
    await until('root/sensor reading')

    const victim = missingFile()
    writeFileSync(victim, '')
    const made = missingFile()
    const evil = [
      `; rm ${victim}`,
      `x;rm ${victim}`,
      `| rm ${victim}`,
      `&& rm ${victim}`,
      `\nrm ${victim}`,
      `$(touch ${made})`,
      `\`touch ${made}\``,
      `> ${made}`,
      `' $(touch ${made})`,
      `--version`,
      'nul\0',
      Buffer.of(0xff, 0xc0, 0x80),
      Buffer.alloc(66_000, 'x'),
    ]
    for (const payload of evil) {
      for (const topic of ['root/do', 'root/print']) await client.publishAsync(topic, payload, { qos: 1 })
    }
    for (let second = 0; second < 3; second += 1) {
      const done = performance.now() + 1000
      for (let count = 0; count < 1000; count += 1) client.publish('root/do', `flood ${count}`)
      await new Promise((resolve) => setTimeout(resolve, done - performance.now()))
    }
    await expect
      .poll(
        async () => {
          await client.publishAsync('root/do', 'still there')
          return heard.includes('root/done still there')
        },
        { timeout: 20_000 },
      )
      .toBe(true)
    await client.publishAsync('root/print', '--end')
    await until('root/printed --end')

    expect(existsSync(victim)).toBe(true)
    expect(existsSync(made)).toBe(false)
    expect(heard).toContain(`root/done $(touch ${made})`)
    expect(heard.filter((message) => message.startsWith('root/done flood')).length).toBeGreaterThan(17)
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time))
    // Readings come every 0.1 s; this bound is for a machine that does other things, too.
    expect(Math.max(...gaps)).toBeLessThan(1500)
    expect(daemon.lines.length).toBeLessThan(60)

    daemon.child.kill('SIGTERM')
    expect(await daemon.exit).toBe(0)
  })
})
