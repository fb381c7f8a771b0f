// What grows with the configuration: ms to read 100 and 1000 sections, to read the same again, to start and to pass from
// one to the next; µs per reading with 1 and 10 connections. Prints one JSON line.
import { concat, ignoreElements, NEVER, of, Subject, tap } from 'rxjs'
import { daemon, goveeSensor, load, outbox, refreshable, report } from '../../lib/index.js'
import { advertisements } from './advertisements.js'
import { percentile } from './table.js'

const log = { debug() {}, info() {}, warn() {}, error: console.error }
const environment = {
  file: 'growth.ini',
  env: {},
  radio: () => ({ advertisements$: NEVER, state$: NEVER }),
  getLogger: () => log,
}
const connection = '[Connection0]\nClass = local.local_conn.LocalConnection\nName = local\n'
const text = (sections, poll = 60) =>
  connection +
  Array.from(
    { length: sections },
    (_, n) =>
      `[Sensor${n}]\nClass = heartbeat.heartbeat.Heartbeat\nPoll = ${poll}\nNum-Dest = number/${n}\nStr-Dest = text/${n}\n`,
  ).join('')

const ms = async (work) => {
  const begin = process.cpuUsage()
  const result = await work()
  const { user, system } = process.cpuUsage(begin)
  return { result, ms: (user + system) / 1000 }
}

async function sections(count) {
  const first = await ms(() => load(text(count), environment))
  const again = await ms(() => load(text(count), environment, first.result))
  const before = new Set(first.result.reporter.sensors)
  const kept = again.result.reporter.sensors.filter((sensor) => before.has(sensor)).length
  const reporters$ = new Subject()
  const running = daemon(reporters$, NEVER).subscribe()
  const started = await ms(() => reporters$.next(first.result.reporter))
  const reloaded = await ms(() => reporters$.next(again.result.reporter))
  running.unsubscribe()
  return { load: first.ms, again: again.ms, start: started.ms, reload: reloaded.ms, kept: kept / count }
}

const packets = advertisements(1, 20_000)
function connections(count) {
  const packets$ = new Subject()
  const counting = (readings$) =>
    readings$.pipe(refreshable(NEVER), outbox(concat(of('open'), NEVER)), tap(), ignoreElements())
  const running = report({
    sensors: [goveeSensor(packets$, { destination: 'govee' })],
    connections: Array.from({ length: count }, () => (readings$) => counting(readings$)),
  }).subscribe()
  for (const packet of packets) packets$.next(packet)
  const { user } = process.cpuUsage()
  for (const packet of packets) packets$.next(packet)
  const cost = (process.cpuUsage().user - user) / (packets.length * 5)
  running.unsubscribe()
  return cost
}

await sections(100)
const [hundreds, thousands] = [[], []]
for (let time = 0; time < 3; time += 1) {
  hundreds.push(await sections(100))
  thousands.push(await sections(1000))
}
const median = (all) =>
  Object.fromEntries(
    Object.keys(all[0]).map((key) => [
      key,
      percentile(
        all.map((each) => each[key]),
        0.5,
      ),
    ]),
  )
const [hundred, thousand] = [median(hundreds), median(thousands)]
connections(1)
console.log(JSON.stringify({ hundred, thousand, one: connections(1), ten: connections(10) }))
process.exit()
