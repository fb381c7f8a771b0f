import { spawnSync } from 'node:child_process'
import { chmodSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { classes } from '../../src/config/classes.js'
import { check } from '../config/check.js'
import { listener } from '../support/listener.js'
import { mosquitto, mosquittoMissing } from '../support/mosquitto.js'
import { program, temporaryFile } from '../support/program.js'
import { mqttSection } from './mqttSection.js'

const exec = (own = '') => `
[Sensor1]
Class = exec.exec_sensor.ExecSensor
Connection = MQTT
Poll = 60
Script = sh ${temporaryFile('environment.sh', "env | cut -d= -f1 | tr '\\n' ' '")}
Destination = environment
${own}
`

const capabilities = `
[Sensor2]
Class = exec.exec_sensor.ExecSensor
Connection = MQTT
Poll = 60
Script = grep -Eh Cap(Inh)?(Prm)?(Eff)?(Amb)?: /proc/self/status
Destination = capabilities
`

const secret = (port: number) => mqttSection(port).replace('Password =', 'Password = ${env:MQTT_PASSWORD}')

describe.skipIf(mosquittoMissing)('a program that is started', () => {
  it('gets a few variables, those of Env, and none that the configuration reads', async () => {
    const broker = await mosquitto()
    await broker.start()
    const { heard, until } = await listener(broker.port)
    const file = temporaryFile('exec.ini', `${secret(broker.port)}${exec('Env = GREETING, UNSET')}`)
    const env = {
      MQTT_PASSWORD: 'hunter2',
      GREETING: 'hello',
      OTHER: 'x',
      CREDENTIALS_DIRECTORY: '/x',
      TZ: 'UTC',
    }
    program(['run', file], env)
    await until('root/status ONLINE')
    await expect.poll(() => heard.find((line) => line.startsWith('root/environment '))).toBeDefined()
    const names = heard
      .find((line) => line.startsWith('root/environment '))
      ?.split(' ')
      .slice(1)
    expect(names).toEqual(expect.arrayContaining(['GREETING', 'PATH', 'TZ']))
    const usual = ['GREETING', 'HOME', 'LANG', 'PATH', 'SHELL', 'TMPDIR', 'TZ', 'USER']
    // Those that sh itself sets, and the mark by which what is left over is found.
    const own = ['OLDPWD', 'PWD', 'SENSOR_REPORTER_COMMAND', 'SHLVL', '_']
    expect(names?.filter((name) => ![...usual, ...own].includes(name))).toEqual([])
  })

  it.skipIf(!canLend())('gets none of the capabilities that the service has', async () => {
    const broker = await mosquitto()
    await broker.start()
    const { until } = await listener(broker.port)
    const file = temporaryFile('exec.ini', mqttSection(broker.port) + capabilities)
    // Not as root, who has all of them at each start of a program.
    for (const path of [file, dirname(file)]) chmodSync(path, 0o755)
    const { lines } = program(['run', file], {}, lending)
    const none = '0000000000000000'
    const sets = ['Inh', 'Prm', 'Eff', 'Amb'].map((set) => `Cap${set}:\t${none}`)
    await until(`root/capabilities ${sets.join('\n')}`)
    expect(lines.join('\n')).not.toContain('inherit the capabilities')
  })
})

/** Starts a program as systemd does with AmbientCapabilities. */
const lending = [
  ...['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'],
  ...['--inh-caps=+net_raw,+net_admin', '--ambient-caps=+net_raw,+net_admin'],
]

function canLend(): boolean {
  return spawnSync(lending[0] ?? '', [...lending.slice(1), 'true']).status === 0
}

describe('Env', () => {
  it('may not name what the configuration reads', async () => {
    const file = `${secret(1883)}${exec('Env = LC_ALL, MQTT_PASSWORD')}`
    const problems = await check(file, { classes, env: { MQTT_PASSWORD: 'hunter2' } })
    expect(problems).toEqual([
      expect.stringMatching(
        /^\d+: error: \[Sensor1\] Env: expected variables that no \$\{env:…\} .* got MQTT_PASSWORD/,
      ),
    ])
  })
})
