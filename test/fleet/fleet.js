// npm run fleet [-- --runs N --daemons N --sensors N --rounds N --every MS]: a fleet of daemons on a RabbitMQ cluster of three
// nodes, and the node that all of them are on is killed. Prints a table; exits with 1 when something was lost or took too long.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { measure } from './measure.js'
import { rabbitmqServer } from './rabbitmqCluster.js'

const goal = 10_000
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    daemons: { type: 'string', default: '20' },
    sensors: { type: 'string', default: '50' },
    // No more than 100: the number of the round is what each reading says.
    rounds: { type: 'string', default: '40' },
    every: { type: 'string', default: '1000' },
  },
})
const options = Object.fromEntries(Object.entries(values).map(([name, text]) => [name, Number(text)]))

if (!existsSync(rabbitmqServer)) {
  console.error(`npm run fleet needs RabbitMQ 3.10 or later, and there is no ${rabbitmqServer}. On Debian:
  sudo apt-get install rabbitmq-server
It need not run: sudo systemctl disable --now rabbitmq-server`)
  process.exit(2)
}

const started = []
const killAll = () => {
  for (const { pid } of started.splice(0)) {
    // By group: a node is a shell script and what it has started.
    try {
      process.kill(-pid, 'SIGKILL')
    } catch {
      // It has ended by itself.
    }
  }
}
let folder
const cleanUp = () => {
  killAll()
  // Those that have just been killed may still be closing files.
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
}
process.on('exit', killAll)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.once(signal, () => {
    cleanUp()
    process.exit(130)
  })

const seconds = (ms) => (ms === Infinity ? 'never' : `${(ms / 1000).toFixed(1)} s`)
const rows = []
let reached = true
for (let run = 1; run <= options.runs; run += 1) {
  folder = mkdtempSync(join(tmpdir(), 'fleet-'))
  const say = (text) =>
    process.stderr.isTTY && process.stderr.write(`\r\x1b[Krun ${run} of ${options.runs}: ${text}`)
  try {
    const figures = await measure(options, folder, started, say)
    const { offered, lost, duplicated, outOfOrder, strange, recovered, failed, load } = figures
    const well = lost + outOfOrder + strange + failed === 0 && recovered <= goal
    rows.push([
      run,
      offered,
      lost,
      duplicated,
      outOfOrder,
      seconds(recovered),
      load.toFixed(1),
      well ? 'yes' : 'no',
    ])
    if (!well) throw new Error(`the goal is missed: ${JSON.stringify(figures)}`)
    cleanUp()
  } catch (error) {
    reached = false
    console.error(`run ${run}: ${error.message}; the logs of the nodes and daemons are in ${folder}`)
  } finally {
    killAll()
    say('')
  }
}

const { daemons, sensors, rounds, every } = options
console.log(`${daemons} daemons with ${sensors} sensors each, ${rounds} packets of each sensor, one every ${every} ms;
${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}
`)
const table = [
  ['run', 'readings offered', 'lost', 'duplicated', 'out of order', 'all ONLINE again', 'load', 'reached'],
  Array(8).fill('---'),
  ...rows,
]
console.log(table.map((cells) => `| ${cells.join(' | ')} |`).join('\n'))
process.exit(reached ? 0 : 1)
