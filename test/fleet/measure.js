import { once } from 'node:events'
import { loadavg } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { counter } from './counter.js'
import { daemon } from './daemon.js'
import { rabbitmqCluster } from './rabbitmqCluster.js'
import { numberIn, packet, sensorName } from './simulatedSensor.js'

/**
 * Starts a cluster and a fleet in `folder`, all of it on the first node, and kills that node while sensors are heard.
 * Resolves to figures; times are ms. Every process goes to `started`.
 */
export async function measure({ daemons, sensors, rounds, every }, folder, started, say) {
  say('starting three nodes')
  const cluster = await rabbitmqCluster(folder, started)
  const { book, onlineSince, settled, end } = await counter(cluster)

  say(`starting ${daemons} daemons`)
  const begin = performance.now()
  const names = Array.from({ length: daemons }, (_, index) => `daemon${index + 1}`)
  const fleet = names.map((name) => daemon(name, cluster, folder))
  started.push(...fleet)
  const exits = fleet.map((child) => once(child, 'exit'))
  if ((await onlineSince(names, begin)) === Infinity) throw new Error('not every daemon came ONLINE')

  const hear = (index, sensor, round) => {
    fleet[index].stdin.write(`${packet(sensor, round)}\n`)
    for (const kind of Object.keys(numberIn))
      book.offer(`fleet/${names[index]}/govee/${sensorName(sensor)}/${kind}`, round)
  }
  const killInRound = Math.ceil(rounds / 3)
  let recovery
  for (let round = 1; round <= rounds; round += 1) {
    say(`round ${round} of ${rounds}, ${book.figures.lost} readings on their way`)
    if (round === killInRound)
      recovery = pause(Math.random() * every).then(() => {
        process.kill(-cluster.nodes[0].pid, 'SIGKILL')
        return onlineSince(names, performance.now())
      })
    for (let index = 0; index < daemons; index += 1) {
      for (let sensor = 0; sensor < sensors; sensor += 1) hear(index, sensor, round)
      await pause(every / daemons)
    }
  }
  const load = loadavg()[0]
  const recovered = await recovery
  say(`waiting for ${book.figures.lost} readings`)
  await settled()

  for (const child of fleet) child.kill('SIGTERM')
  const codes = (await Promise.all(exits)).map(([code]) => code)
  await end()
  return { ...book.figures, recovered, failed: codes.filter((code) => code !== 0).length, load }
}
