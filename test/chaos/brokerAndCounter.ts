import { connectAsync } from 'mqtt'
import { onTestFinished } from 'vitest'
import { temporaryFolder } from '../support/temporaryFolder.js'
import { mosquitto, type MosquittoOptions } from '../support/mosquitto.js'
import type { Book } from './book.js'
import type { NumberOf } from './bookkeeping.js'

export interface BrokerOptions {
  /** Whether it remembers what it has when it is restarted: it saves after every change. */
  readonly persistent?: boolean
  readonly tls?: NonNullable<MosquittoOptions['tls']>
}

const persistence = () => [
  'persistence true',
  `persistence_location ${temporaryFolder()}/`,
  'autosave_on_changes true',
  'autosave_interval 1',
]

/** A real broker, and somebody who counts what it has got, over a link of its own and in a session that lasts. */
export async function brokerAndCounter(
  book: Pick<Book, 'arrived'>,
  numberOf: NumberOf,
  { persistent, tls }: BrokerOptions,
) {
  const broker = await mosquitto({
    lines: ['max_inflight_messages 0', ...(persistent ? persistence() : [])],
    ...(tls && { tls }),
  })
  await broker.start()
  const counter = await connectAsync({
    host: 'localhost',
    port: broker.port,
    protocol: tls ? 'mqtts' : 'mqtt',
    rejectUnauthorized: false,
    clientId: 'counter',
    clean: false,
    reconnectPeriod: 20,
  })
  onTestFinished(() => counter.endAsync(true))
  counter.on('error', () => undefined)
  counter.on('message', (topic, payload) => {
    const number = numberOf(topic, payload)
    if (number !== undefined) book.arrived(topic, number)
  })
  await counter.subscribeAsync('#', { qos: 1 })
  return broker
}
