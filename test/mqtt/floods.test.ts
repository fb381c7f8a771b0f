import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { mosquitto, mosquittoMissing } from '../support/mosquitto.js'
import { listener } from '../support/listener.js'
import { program, temporaryFile } from '../support/program.js'
import { attacks, hostilePeer } from './hostilePeer.js'

const section = (name: string, port: number) => `
[Connection_${name}]
Class = mqtt.mqtt_conn.MqttConnection
Name = ${name}
Client = ${name}
User =
Password =
Host = 127.0.0.1
Port = ${port}
Keepalive = 10
RootTopic = root
`

const config = (good: number, evil: number) => `
[Logging]
Syslog = NO
Level = INFO
${section('good', good)}${section('evil', evil)}
[Sensor_Beat]
Class = heartbeat.heartbeat.Heartbeat
Connection = good, evil
Poll = 1
Num-Dest = beat/num
Str-Dest = beat/text

[Actuator_Lamp]
Class = exec.exec_actuator.ExecActuator
Connection = good, evil
Command = true
CommandSrc = lamp
ResultsDest = lamp/result
`

const statusOf = (pid: number, field: string) =>
  Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024

/** FLOOD_FIGURES=1 measures at leisure, prints and judges times; on a busy machine only what does not depend on it is judged. */
const measured = Boolean(process.env['FLOOD_FIGURES'])

/** Beats of the neighbour during an attack. */
const beats = measured ? 6 : 2

describe.skipIf(mosquittoMissing || process.platform !== 'linux')('a broker that means harm', () => {
  it.each(attacks)('fills no memory, holds up nobody and no stop with $name', async (attack) => {
    const broker = await mosquitto()
    await broker.start()
    const { until, client } = await listener(broker.port)
    const at: number[] = []
    client.on('message', (topic) => {
      if (topic === 'root/beat/num') at.push(performance.now())
    })
    let attacking = false
    const bytes = () => {
      attacking = true
      return attack.bytes()
    }
    const peer = await hostilePeer({ ...attack, bytes })
    const daemon = program(['run', temporaryFile('flood.ini', config(broker.port, peer.port))])
    await until('root/status ONLINE')
    await expect.poll(() => attacking, { timeout: 20_000 }).toBe(true)
    const pid = daemon.child.pid ?? 0
    const before = statusOf(pid, 'VmRSS')
    at.length = 0
    await expect.poll(() => at.length, { timeout: 60_000 }).toBeGreaterThanOrEqual(beats)
    const after = statusOf(pid, 'VmRSS')
    const most = statusOf(pid, 'VmHWM')
    const gap = Math.max(...at.slice(1).map((time, index) => time - (at[index] ?? 0)))
    const began = performance.now()
    daemon.child.kill('SIGTERM')
    const code = await daemon.exit
    const stop = performance.now() - began
    if (measured)
      console.log(
        `| ${attack.name} | ${before.toFixed(0)} | ${most.toFixed(0)} | ${after.toFixed(0)} | ${(gap / 1000).toFixed(2)} s | ${(stop / 1000).toFixed(2)} s | ${daemon.lines.length} lines`,
        daemon.lines.filter((line) => /evil|lost|WARN|ERROR/i.test(line)),
      )
    expect(code).toBe(0)
    expect(most - before).toBeLessThan(measured ? 40 : 100)
    if (measured) {
      expect(gap).toBeLessThan(2500)
      expect(stop).toBeLessThan(5000)
    }
    expect(daemon.lines.filter((line) => line.includes(`:${peer.port} (P`)).length).toBeLessThanOrEqual(1)
  })
})
