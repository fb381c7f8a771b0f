import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { program, temporaryFile } from '../support/program.js'

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
const convert = (file: string) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'convert', file], { encoding: 'utf8' })
  return { status, stdout, stderr }
}

it('convert prints a file that check takes, by the ending of its name, and nothing else', async () => {
  const example = fileURLToPath(new URL('../../config/examples/gpio-doors.yml', import.meta.url))
  const { status, stdout, stderr } = convert(example)
  expect([status, stderr]).toEqual([0, ''])
  expect(stdout).toContain('\n[Sensor2]\n')
  expect(stdout).toContain('\nValues = OFF, ON\n')
  const checked = program(['check', temporaryFile('new.ini', stdout), '--strict'])
  expect(await checked.exit).toBe(0)
  const back = convert(temporaryFile('old.ini', stdout))
  expect(back.stdout).toContain("\n  Values: [ 'ON', 'OFF' ]\n")
})

it('convert says of each connection what a section of an ini file cannot leave out', async () => {
  const half = `
Connection1: {Class: local.local_conn.LocalConnection, Name: here, OnGT: 1}
SensorUp: {Class: heartbeat.heartbeat.Heartbeat, Poll: 60, Connections: {here: {FormatString: {StateDest: up}}}}
SensorAir: {Class: gpio.dht_sensor.DhtSensor, Poll: 60, Sensor: DHT22, Pin: 4, Connections: {here: {Humidity: {StateDest: damp}}}}
`
  const { stdout } = convert(temporaryFile('half.yml', half))
  expect(stdout).toContain('\nFormatString.here = up\n')
  expect(stdout).toContain('\nHumidity.here = damp\n')
  const checked = program(['check', temporaryFile('half.ini', stdout)])
  expect(await checked.exit).toBe(0)
})

it('convert says where a file cannot be read, with the exit codes of other commands', () => {
  const wrong = temporaryFile('wrong.yml', 'SensorA: {Class: x, Class: y}')
  expect(convert(wrong)).toEqual({
    status: 1,
    stdout: '',
    stderr: `${wrong}:1: error: Class: given twice, first in line 1: remove one of them\n`,
  })
  expect(convert('/nowhere/old.ini')).toEqual({
    status: 3,
    stdout: '',
    stderr: '/nowhere/old.ini: error: cannot read the configuration: there is no such file\n',
  })
})
