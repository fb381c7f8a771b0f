// The program under test, as a service would start it.
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { port } from './topics.js'
import { until } from './waiting.js'

/** The built program. */
export const program = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

/** A section for the two sensors of the house. */
export const thermometers = `[Sensor0]
Class = govee.govee_sensor.GoveeSensor
Destination = govee
`

/** The text of a section. */
export const section = (name, parameters) =>
  `[${name}]\n${Object.entries(parameters)
    .map(([key, value]) => `${key} = ${value}\n`)
    .join('')}\n`

/** The text of a configuration. */
export const configuration = ({ bluetooth, sections = thermometers, client = 'house' }) =>
  section('Logging', { Level: 'INFO' }) +
  section('Connection1', {
    Class: 'mqtt.mqtt_conn.MqttConnection',
    Name: 'MQTT',
    Client: client,
    User: 'user',
    Password: 'password',
    Host: '127.0.0.1',
    Port: port,
    Keepalive: 20,
    RootTopic: 'house',
  }) +
  (bluetooth ? section('Bluetooth', bluetooth) : '') +
  sections

/** A user who owns nothing. */
const nobody = 65534

/** Starts a program as the unit file does: as a user who may do these two things and nothing else. */
export const asService = (groups = '', capabilities = '+net_raw,+net_admin') => [
  'setpriv',
  `--reuid=${nobody}`,
  `--regid=${nobody}`,
  ...(groups ? [`--groups=${groups}`] : ['--clear-groups']),
  '--no-new-privs',
  `--bounding-set=-all,${capabilities}`.replace(/,$/, ''),
  `--inh-caps=-all,${capabilities}`.replace(/,$/, ''),
  ...(capabilities ? [`--ambient-caps=-all,${capabilities}`] : []),
]

/** Runs a command of the program. `through` is what starts it, such as `setpriv` with its options. */
export function start(file, note, { command = 'run', text = '', through = [], args = [] } = {}) {
  if (text) writeFileSync(file, text, { mode: 0o644 })
  const [first, ...others] = [
    ...through,
    process.execPath,
    program,
    command,
    ...(file ? [file] : []),
    ...args,
  ]
  const child = spawn(first, others, { stdio: ['pipe', 'pipe', 'pipe'] })
  const lines = []
  let ended
  for (const input of [child.stdout, child.stderr])
    createInterface({ input }).on('line', (written) => {
      const line = written.replace(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ /, '')
      lines.push({ at: performance.now(), line })
      if (lines.length < 300) note(`${command}: ${line}`)
    })
  const exited = new Promise((resolve) =>
    child.once('close', (code, signal) => {
      ended = { code: code ?? signal }
      note(`${command} has ended with ${ended.code}`)
      resolve()
    }),
  )
  const said = (pattern, since = 0) =>
    lines.filter(({ at, line }) => at >= since && pattern.test(line)).map(({ line }) => line)
  const daemon = {
    pid: child.pid,
    /** The lines of its log, or what it printed, that match. */
    said,
    /** Waits for such a line. */
    says: (pattern, { since = 0, seconds } = {}) =>
      until(`the log to say ${String(pattern)}`, () => said(pattern, since)[0], {
        seconds,
        got: () => lines.slice(-4).map(({ line }) => line),
      }),
    isRunning: () => ended === undefined,
    /** Waits until it has ended, and returns the code it ended with, or the signal. */
    ends: async (seconds) => {
      await until(`${command} to end`, () => ended, { seconds, got: () => lines.at(-1)?.line })
      return ended.code
    },
    /** Has it stop, and returns the code it ended with and after how many seconds. */
    stop: async (signal = 'SIGTERM') => {
      const began = performance.now()
      child.kill(signal)
      const code = await daemon.ends()
      return { code, seconds: (performance.now() - began) / 1000 }
    },
    kill: (signal) => child.kill(signal),
    /** Has it read another configuration. */
    reload: async (newText) => {
      const since = performance.now()
      writeFileSync(file, newText)
      child.kill('SIGHUP')
      await daemon.says(/has been read again/, { since })
    },
    /** What its descriptors are open to. */
    holds: () =>
      readdirSync(`/proc/${child.pid}/fd`).flatMap((descriptor) => {
        try {
          return [readlinkSync(`/proc/${child.pid}/fd/${descriptor}`)]
        } catch {
          return []
        }
      }),
    /** KiB of memory. */
    memory: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]),
    close: async () => {
      if (ended === undefined) child.kill('SIGKILL')
      await exited
    },
  }
  return daemon
}
