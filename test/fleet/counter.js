import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { connect } from 'mqtt'
import { ledger } from './ledger.js'
import { numberIn } from './simulatedSensor.js'

const patience = 120_000

/** Subscribes to a fleet, in a session that outlives the node it began on, and keeps the book on what arrives. */
export async function counter({ hosts, port, login }) {
  const book = ledger()
  const online = new Map()
  const session = { ...login, port, clientId: 'counter', clean: false }

  // The session's queue has its leader where it began, on the node that will die; the subscriber has moved on by then.
  const visitor = connect({ ...session, host: hosts[0] })
  await once(visitor, 'connect')
  await visitor.subscribeAsync('fleet/#', { qos: 1 })
  await visitor.endAsync()

  const subscriber = connect({ ...session, host: hosts.at(-1) })
  subscriber.on('message', (topic, payload) => {
    const [, daemon, ...destination] = topic.split('/')
    const kind = destination.at(-1)
    if (kind in numberIn) book.arrive(topic, numberIn[kind](String(payload)))
    else if (topic === `fleet/${daemon}/status`)
      online.set(daemon, String(payload) === 'ONLINE' ? performance.now() : undefined)
  })
  await once(subscriber, 'connect')

  return {
    book,
    /** How long after `time` the last one of the daemons said ONLINE: Infinity when one of them is silent for 2 min. */
    onlineSince: async (daemons, time) => {
      const missing = () => daemons.some((daemon) => !(online.get(daemon) > time))
      while (missing() && performance.now() - time < patience) await pause(50)
      return missing() ? Infinity : Math.max(...daemons.map((daemon) => online.get(daemon))) - time
    },
    /** Resolves when all that was offered has arrived, or nothing more for a minute. */
    settled: async () => {
      let before
      for (let still = 0; book.figures.lost > 0 && still < 60; still += 1) {
        if (book.figures.lost !== before) still = 0
        before = book.figures.lost
        await pause(1000)
      }
    },
    end: () => subscriber.endAsync(),
  }
}
