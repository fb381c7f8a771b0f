import { fileURLToPath } from 'node:url'
import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { build } from 'esbuild'

// Extra certificates make every start of node several times slower, and none of this encrypts.
delete process.env.NODE_EXTRA_CA_CERTS
const here = (name) => fileURLToPath(new URL(name, import.meta.url))
const now = () => Number(process.hrtime.bigint()) / 1e6
const perAdvertisement = 5

/** Starts the sink, and returns what measures with its help, each in a process of its own. */
export async function measure() {
  const sink = fork(here('sink.js'))
  const told = async (key) => {
    for (;;) {
      const [message] = await once(sink, 'message')
      if (key in message) return message[key]
    }
  }
  const port = await told('port')
  const folder = mkdtempSync(join(tmpdir(), 'bench-'))
  const config = join(folder, 'bench.ini')
  const seed = readFileSync(here('../../config/sensor_reporter.ini'), 'utf8')
  // Both connect to the same address: a name would have to be looked up.
  const changes = { Host: '127.0.0.1', Port: port, Syslog: 'NO' }
  const text = Object.entries(changes).reduce(
    (ini, [key, value]) => ini.replace(new RegExp(`^${key} = .*`, 'm'), `${key} = ${value}`),
    seed,
  )
  writeFileSync(config, text)
  const bareSocket = `const s = require('net').connect(${port}, '127.0.0.1'); s.write(Buffer.from('100c00044d5154540402003c0000', 'hex')); s.on('data', () => {})`
  const commands = {
    bare: ['-e', bareSocket],
    ours: [here('../../dist/cli.js'), 'run', config, '--replay', '-'],
  }

  // With RxJS as esbuild.config.js has it, since from CommonJS Node gets an older form.
  const bundle = join(folder, 'pipeline.cjs')
  await build({
    entryPoints: [here('pipeline.js')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    alias: { rxjs: here('../../node_modules/rxjs/dist/esm/index.js') },
  })

  /** Sends `count` advertisements, at `rate` a second or as fast as it goes, until the sink has all their readings. */
  async function send(variant, count, rate = 0, devices = 1) {
    const warm = 10_000
    sink.send({ reset: true, wait: (count + warm) * perAdvertisement })
    const arrived = told('arrivals')
    const worker = spawn(process.execPath, [here('worker.js'), variant, port, count, rate, devices], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const { begin, end, cpu, sent, onPage, rss } = await jsonOf(worker.stdout)
    const arrivals = await Promise.race([arrived, pause(20_000, undefined, { ref: false })])
    worker.stdin.end()
    if (!arrivals) throw new Error(`${variant}: fewer than ${count * perAdvertisement} readings arrived`)
    const readings = count * perAdvertisement
    return {
      rate: (readings * 1000) / (arrivals.at(-1) - begin),
      perReading: cpu / readings,
      load: cpu / 1000 / (end - begin),
      onPage,
      rss,
      latencies: sent?.map((at, n) => arrivals[(warm + n) * perAdvertisement] - at),
    }
  }

  async function launch(variant) {
    const connected = told('connected')
    const begin = now()
    const child = spawn(process.execPath, commands[variant], { stdio: ['pipe', 'ignore', 'inherit'] })
    return { ms: (await connected) - begin, child }
  }
  async function kill(child) {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }

  /** From exec to CONNACK (ms). */
  async function start(variant) {
    const { ms, child } = await launch(variant)
    await kill(child)
    return { ms }
  }

  /** Resident memory of `ours` against that of `bare`, ten seconds after both have connected. */
  async function rest() {
    const children = [(await launch('ours')).child, (await launch('bare')).child]
    await pause(10_000)
    const [ours, bare] = children.map(({ pid }) =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]),
    )
    await Promise.all(children.map(kill))
    return ours / bare
  }

  const pipeline = (rounds) => jsonOf(spawn(process.execPath, ['--expose-gc', bundle, rounds]).stdout)
  const growth = () => jsonOf(spawn(process.execPath, [here('growth.js')]).stdout)

  const end = () => {
    sink.disconnect()
    rmSync(folder, { recursive: true })
  }

  return { send, start, rest, pipeline, growth, end }
}

/** The line of JSON that a program says. */
async function jsonOf(stdout) {
  let text = ''
  stdout.setEncoding('utf8')
  for await (const part of stdout) {
    text += part
    if (text.includes('\n')) break
  }
  return JSON.parse(text)
}
