// npm run bench [-- --quick] [-- --json FILE]: what sensor-reporter costs, side by side with what it could cost. The rounds
// of the variants are interleaved and every figure is a ratio within one round, because machines are noisy.
import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { setTimeout as pause } from 'node:timers/promises'

const { values: options } = parseArgs({ options: { quick: { type: 'boolean' }, json: { type: 'string' } } })
// Extra certificates make every start of node several times slower, and none of this encrypts.
delete process.env.NODE_EXTRA_CA_CERTS
const here = (name) => new URL(name, import.meta.url).pathname
const now = () => Number(process.hrtime.bigint()) / 1e6

const sink = fork(here('sink.js'))
const told = async (key) => {
  for (;;) {
    const [message] = await once(sink, 'message')
    if (key in message) return message[key]
  }
}
const port = await told('port')

/** Runs a worker until the sink has all it sent. */
async function measure(variant, count, rate) {
  sink.send({ reset: true, wait: count * 5 })
  const arrived = told('arrivals')
  const worker = spawn(process.execPath, [here('worker.js'), variant, port, count, rate ?? ''], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  worker.stdout.setEncoding('utf8')
  let text = ''
  for await (const part of worker.stdout) {
    text += part
    if (text.includes('\n')) break
  }
  const figures = JSON.parse(text)
  const arrivals = await Promise.race([arrived, pause(20_000, undefined, { ref: false })])
  worker.stdin.end()
  if (!arrivals) throw new Error(`${variant}: fewer than ${count * 5} readings arrived`)
  return {
    ...figures,
    arrivals,
    rate: (count * 5000) / (arrivals.at(-1) - figures.begin),
    perReading: figures.cpu / count / 5,
  }
}

async function pipeline(rounds) {
  const child = spawn(process.execPath, ['--expose-gc', here('pipeline.js'), rounds])
  let text = ''
  for await (const part of child.stdout.setEncoding('utf8')) text += part
  return JSON.parse(text)
}

const folder = mkdtempSync(join(tmpdir(), 'bench-'))
const seed = readFileSync(here('../../config/sensor_reporter.ini'), 'utf8')
const config = join(folder, 'bench.ini')
writeFileSync(config, seed.replace('Port = 1883', `Port = ${port}`).replace('Syslog = YES', 'Syslog = NO'))
const bareSocket = `const s = require('net').connect(${port}, '127.0.0.1'); s.write(Buffer.from('100c00044d5154540402003c0000', 'hex')); s.on('data', () => {})`

/** From exec to CONNACK (ms), and resident memory after some idle seconds (MiB). */
async function start(args, idle) {
  const connected = told('connected')
  const begin = now()
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'ignore', 'inherit'] })
  const ms = (await connected) - begin
  if (!idle) {
    child.kill('SIGKILL')
    await once(child, 'exit')
    return { ms }
  }
  await pause(idle)
  const rss = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]) / 1024
  child.kill('SIGKILL')
  await once(child, 'exit')
  return { ms, rss }
}
const daemon = [here('../../dist/cli.js'), 'run', config, '--replay', '-']

const sorted = (values) => values.toSorted((a, b) => a - b)
const median = (values) => sorted(values)[Math.floor(values.length / 2)]
const percentile = (values, p) => sorted(values)[Math.min(values.length - 1, Math.floor(values.length * p))]
const rows = []
const row = (what, goal, values, better, unit = '') => {
  const value = median(values)
  const reached = better === 'more' ? value >= goal : value <= goal
  rows.push({
    what,
    goal: `${better === 'more' ? '≥' : '≤'} ${goal}${unit}`,
    median: value,
    min: Math.min(...values),
    max: Math.max(...values),
    unit,
    reached,
  })
}
const progress = (text) => process.stderr.isTTY && process.stderr.write(`\r\x1b[K${text}`)

const rounds = options.quick ? 3 : 11
const count = options.quick ? 10_000 : 20_000
const speed = { bare: [], encoded: [], ours: [] }
for (let round = 0; round < rounds; round += 1) {
  for (const variant of Object.keys(speed)) {
    progress(`throughput, round ${round + 1} of ${rounds}: ${variant}`)
    speed[variant].push(await measure(variant, count))
  }
}
const ratio = (of, to, figure) => speed[of].map((each, round) => each[figure] / speed[to][round][figure])
row('readings/s, whole path, against bare client.publish', 1.3, ratio('ours', 'bare', 'rate'), 'more')
row(
  'CPU per reading, whole path, against bare client.publish',
  0.75,
  ratio('ours', 'bare', 'perReading'),
  'less',
)
row(
  'readings/s, pre-encoded packets against bare (the sink is not the limit)',
  1.5,
  ratio('encoded', 'bare', 'rate'),
  'more',
)

const pipelines = []
for (let round = 0; round < (options.quick ? 3 : 7); round += 1) {
  progress(`pipeline, round ${round + 1}`)
  pipelines.push(await pipeline(options.quick ? 5 : 20))
}
row(
  'pipeline alone against a plain loop, per reading',
  1.3,
  pipelines.map(({ rxjs, plain }) => rxjs / plain),
  'less',
)
row(
  'cost per reading, 10 000 devices against one',
  1.2,
  pipelines.map(({ rxjs, rxjsMany }) => rxjsMany / rxjs),
  'less',
)
row(
  '(the plain loop: 10 000 devices against one)',
  1.2,
  pipelines.map(({ plain, plainMany }) => plainMany / plain),
  'less',
)
row(
  'memory per further device',
  2,
  pipelines.map(({ bytesPerDevice }) => bytesPerDevice / 1024),
  'less',
  ' kB',
)

const starts = []
for (let round = 0; round < (options.quick ? 3 : 11); round += 1) {
  progress(`start, round ${round + 1}`)
  starts.push({ bare: await start(['-e', bareSocket]), ours: await start(daemon) })
}
row(
  'start to CONNACK against a bare socket in node',
  2,
  starts.map(({ ours, bare }) => ours.ms / bare.ms),
  'less',
)
progress('memory at rest')
const idle = options.quick ? 3000 : 10_000
const rest = []
for (let round = 0; round < (options.quick ? 1 : 3); round += 1) {
  rest.push({ bare: await start(['-e', bareSocket], idle), ours: await start(daemon, idle) })
}
row(
  'resident memory at rest against a bare socket in node',
  1.15,
  rest.map(({ ours, bare }) => ours.rss / bare.rss),
  'less',
)

const latency = ({ sent, arrivals }) =>
  percentile(
    sent.map((at, n) => arrivals[n * 5] - at),
    0.99,
  )
const at = async (rate, seconds) => {
  progress(`latency at ${rate}/s`)
  return measure('ours', rate * seconds, rate)
}
const calm = []
const busy = []
for (let round = 0; round < (options.quick ? 1 : 3); round += 1) {
  calm.push(await at(100, options.quick ? 3 : 10))
  busy.push(await at(5000, options.quick ? 2 : 5))
}
row('p99 from advertisement to socket at 100/s', 1, calm.map(latency), 'less', ' ms')
row('p99 from advertisement to socket at 5 000/s', 5, busy.map(latency), 'less', ' ms')
const home = await at(20, options.quick ? 5 : 30)
row('CPU of the process at 20 advertisements/s', 0.5, [home.cpu / 10 / (home.end - home.begin)], 'less', ' %')

progress('')
sink.disconnect()
const figure = (value, unit) => `${value.toFixed(2)}${unit}`
const table = [
  ['what', 'goal', 'median', 'min', 'max', 'reached'],
  ...rows.map(({ what, goal, median, min, max, unit, reached }) => [
    what,
    goal,
    figure(median, unit),
    figure(min, unit),
    figure(max, unit),
    reached ? 'yes' : 'no',
  ]),
]
console.log(
  `${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}\n`,
)
console.log(
  table
    .map((cells) => `| ${cells.join(' | ')} |`)
    .toSpliced(1, 0, '| --- | --- | --- | --- | --- | --- |')
    .join('\n'),
)
if (options.json) writeFileSync(options.json, JSON.stringify(rows, undefined, 2))
