import { spawn } from 'node:child_process'
import { openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

const configuration = (name, { hosts, port, login }) => `
[Connection1]
Class = mqtt.mqtt_conn.MqttConnection
Name = cluster
Client = ${name}
User = ${login.username}
Password = ${login.password}
Host = ${hosts.join(', ')}
Port = ${port}
Keepalive = 10
RootTopic = fleet/${name}
QoS = 1
Offline = all

[Sensor1]
Class = govee.govee_sensor.GoveeSensor
Destination = govee
`

/** Starts the built program on a configuration of its own in `folder`; what it hears is typed on its standard input. */
export function daemon(name, cluster, folder) {
  const config = join(folder, `${name}.ini`)
  writeFileSync(config, configuration(name, cluster), { mode: 0o600 })
  const log = openSync(join(folder, `${name}.log`), 'w')
  const child = spawn(process.execPath, [cli, 'run', config, '--replay', '-'], {
    detached: true,
    stdio: ['pipe', log, log],
  })
  // Its exit code says enough of a daemon that has ended early.
  child.stdin.on('error', () => undefined)
  return child
}
