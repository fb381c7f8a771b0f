// npm run bench [-- --quick] [-- --json FILE]: what sensor-reporter costs, side by side with what it could cost. The rounds
// of the variants are interleaved and every figure is a ratio within one round, because machines are noisy.
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { measure } from './measure.js'
import { percentile, table } from './table.js'

const { values: options } = parseArgs({ options: { quick: { type: 'boolean' }, json: { type: 'string' } } })
const { send, start, rest, pipeline, growth, end } = await measure()
const { add, rows, markdown } = table()

const progress = (text) => process.stderr.isTTY && process.stderr.write(`\r\x1b[K${text}`)
/** Takes all of `parts` in turn, again and again: one list of results each. */
async function rounds(count, parts) {
  const results = Object.fromEntries(Object.keys(parts).map((name) => [name, []]))
  for (let round = 1; round <= count; round += 1) {
    for (const [name, part] of Object.entries(parts)) {
      progress(`${name}, round ${round} of ${count}`)
      results[name].push(await part())
    }
  }
  return results
}
const ratios = (of, to, figure) => of.map((each, round) => each[figure] / to[round][figure])
const quick = (few, many) => (options.quick ? few : many)

const count = quick(20_000, 40_000)
const { bare, encoded, ours, many } = await rounds(quick(3, 21), {
  bare: () => send('bare', count),
  encoded: () => send('encoded', count),
  ours: () => send('ours', count),
  many: () => send('ours', count, 0, 10_000),
})
const rate = ratios(ours, bare, 'rate')
add('readings/s, whole path, against bare client.publish', '≥ 1.5', rate)
// The original sends 25 000 messages/s where bare MQTT.js sends 120 000.
add(
  'readings/s, whole path, against the Python original',
  '≥ 7',
  rate.map((value) => (value * 120) / 25),
)
add('CPU per reading, whole path, against bare client.publish', '≤ 0.7', ratios(ours, bare, 'perReading'))
add(
  '(pre-encoded packets against bare client.publish: the sink is not the limit)',
  '≥ 1.5',
  ratios(encoded, bare, 'rate'),
)
add('CPU per reading, whole path, 10 000 devices against one', '≤ 1.2', ratios(many, ours, 'perReading'))

const { pipelines } = await rounds(quick(3, 7), { pipelines: () => pipeline(quick(5, 20)) })
const piped = (figure) => pipelines.map(figure)
add(
  'pipeline alone against a plain loop that does the same, per reading',
  '≤ 1.5',
  piped(({ rxjs, plain }) => rxjs / plain),
)
add(
  '(pipeline alone, 100 devices against one)',
  '',
  piped(({ rxjs, rxjsHundred }) => rxjsHundred / rxjs),
)
add(
  'pipeline alone, 10 000 devices against one',
  '≤ 1.2',
  piped(({ rxjs, rxjsMany }) => rxjsMany / rxjs),
)
add(
  'pipeline with documents for Home Assistant against without',
  '≤ 1.05',
  piped(({ announcing }) => announcing),
)
add(
  '(the plain loop, 10 000 devices against one)',
  '',
  piped(({ plain, plainMany }) => plainMany / plain),
)
add(
  'memory per further device',
  '≤ 2 kB',
  piped(({ bytesPerDevice }) => bytesPerDevice / 1000),
)
add(
  'pipeline with the formats of all brands against Govee’s alone',
  '≤ 1.05',
  piped(({ allFormats }) => allFormats),
)
add(
  'a stranger’s packet through all formats of all brands against Govee’s alone',
  '≤ 1.2',
  piped(({ strangers }) => strangers),
)

const { grown } = await rounds(quick(1, 7), { grown: growth })
const growing = (figure) => grown.map(figure)
add(
  'reading 1 000 sections against 100',
  '≤ 12',
  growing(({ hundred, thousand }) => thousand.load / hundred.load),
)
add(
  'reading them again and passing over, unchanged, against reading and starting them',
  '≤ 1',
  growing(({ thousand }) => (thousand.again + thousand.reload) / (thousand.load + thousand.start)),
)
add(
  'of 1 000 unchanged sections, those that run on over a reload',
  '≥ 1',
  growing(({ thousand }) => thousand.kept),
)
add(
  'cost per reading, 10 connections against one',
  '≤ 10',
  growing(({ one, ten }) => ten / one),
)

// An ordinary bundle that Node loads by itself, with nothing written to disk: a loader with a code cache of its own reached 1.4
// and 1.18, once in the life of a daemon, and was not worth what it cost.
const starts = await rounds(quick(3, 21), { bare: () => start('bare'), ours: () => start('ours') })
add(
  'start to CONNACK, an ordinary bundle, against a bare socket in node',
  '≤ 2.5',
  ratios(starts.ours, starts.bare, 'ms'),
)
const { rests } = await rounds(quick(1, 3), { rests: rest })
add('resident memory at rest, an ordinary bundle, against a bare socket in node', '≤ 1.45', rests)

const seconds = quick(2, 10)
const latencies = await rounds(3, {
  calm: () => send('ours', 100 * seconds, 100),
  busy: () => send('ours', 5000 * seconds, 5000),
})
const p99 = (results) => results.map(({ latencies }) => percentile(latencies, 0.99))
// From the moment it comes in; what a timer or a busy loop kept waiting before is not in it.
add('p99 from advertisement to sink at 100/s', '≤ 1 ms', p99(latencies.calm))
add('p99 from advertisement to sink at 5 000/s', '≤ 5 ms', p99(latencies.busy))
const homes = await rounds(quick(1, 3), {
  ours: () => send('ours', 20 * quick(4, 30), 20),
  encoded: () => send('encoded', 20 * quick(4, 30), 20),
})
const loads = (results) => results.map(({ load }) => load * 100)
const [load, least] = [loads(homes.ours), loads(homes.encoded)]
add('(CPU at 20 advertisements/s, of one core)', '', load)
add('(a timer and a pre-encoded write instead)', '', least)
add(
  'CPU at 20 advertisements/s over that of a timer and a pre-encoded write',
  '≤ 0.3 points',
  load.map((all, round) => all - least[round]),
)

// 100 devices at 5 readings a second each.
const watched = await rounds(quick(1, 3), {
  ours: () => send('ours', 100 * seconds, 100, 100),
  pages: () => send('pages', 100 * seconds, 100, 100),
})
add(
  'CPU per reading, whole path, a page open ten times against none',
  '≤ 1.3',
  ratios(watched.pages, watched.ours, 'perReading'),
)
add('(CPU with a page open ten times, of one core)', '', loads(watched.pages))
add(
  '(memory with a page open ten times over that without, MB)',
  '',
  watched.pages.map(({ rss }, round) => (rss - watched.ours[round].rss) / 1e6),
)
add(
  'p99 from a reading to an open page, ms',
  '≤ 200',
  watched.pages.map(({ onPage }) => percentile(onPage, 0.99)),
)

progress('')
end()
const machine = `${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}`
console.log(`${machine}, ${new Date().toISOString().slice(0, 10)}\n\n${markdown()}`)
if (options.json) writeFileSync(options.json, JSON.stringify(rows, undefined, 2))
