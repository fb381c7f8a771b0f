import { defer, repeat, tap, timer } from 'rxjs'
import { onTestFinished } from 'vitest'
import type { MqttOptions } from '../../src/mqtt/options.js'
import { startConnection } from '../mqtt/startConnection.js'
import { book, type Measure } from './book.js'
import { bookkeeping, type NumberOf } from './bookkeeping.js'
import { brokerAndCounter, type BrokerOptions } from './brokerAndCounter.js'
import type { Seeded } from './seeded.js'
import { wire } from './wire.js'

export interface StandOptions {
  /** What must not be missing. @default 'arrived' */
  readonly measure?: Measure
  readonly broker?: BrokerOptions
  readonly connection?: Partial<MqttOptions>
}

const destinations = ['attic', 'cellar', 'kitchen', 'hall', 'porch']
const topics = new Set(destinations.map((destination) => `root/${destination}`))
const numberOf: NumberOf = (topic, payload) => (topics.has(topic) ? Number(payload.toString()) : undefined)

/** A connection with QoS = 1 and Offline = all that is offered some fifty readings a second, and its own broker behind a bad wire. */
export async function stand(
  { measure = 'arrived', broker: brokerOptions = {}, connection }: StandOptions,
  random: Seeded,
) {
  const ledger = book(measure)
  const broker = await brokerAndCounter(ledger, numberOf, brokerOptions)
  const between = await wire(broker.port, brokerOptions.tls ? undefined : bookkeeping(ledger, numberOf))
  const { sendReading } = startConnection({
    port: between.port,
    keepalive: 1000,
    connectTimeout: 500,
    acknowledgeTimeout: 1000,
    ...connection,
    delivery: { qos: 1, offline: 'all', ...connection?.delivery },
  })
  const readings = defer(() => timer(random.between(5, 35)))
    .pipe(
      repeat(),
      tap(() => {
        const destination = destinations[random.below(destinations.length)] ?? ''
        sendReading({ destination, value: ledger.offer(`root/${destination}`) })
      }),
    )
    .subscribe()
  onTestFinished(() => readings.unsubscribe())
  return { book: ledger, broker, wire: between, random, end: () => readings.unsubscribe() }
}

export type Stand = Awaited<ReturnType<typeof stand>>
