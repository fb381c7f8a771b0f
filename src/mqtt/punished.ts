import type { MqttClient } from 'mqtt'
import { asyncScheduler } from 'rxjs'
import { remember } from '../memory.js'
import type { Logger } from '../model.js'
import type { LinkError } from './reasons.js'

/** How long a message is set aside that its broker answers by closing the link, ms. */
const setAside = 3_600_000

/** So many messages leave first on a link that follows one that broke, and twice as many each time that it survives them. */
const firstBatch = 16

/** The parts in which the messages are sent of which one ended the last link. */
const parts = 8

/** A link that survives as many at once is well. */
const lastBatch = 4096

/** So many links that one message ended alone, with none survived between them, are no coincidence. */
const proof = 3

/** Topics, and messages of them, that are remembered. */
const topicLimit = 1000
const heldLimit = 100

/** Bytes; what is smaller is hardly punished for its size. */
const small = 1024

/** What is known of a topic of which a message ended a link alone. */
interface Suspicion {
  deaths: number
  /** Of the smallest message that did. */
  bytes: number
  until: number
}

/** Watches over what goes out on one link. */
export interface Trial {
  /** Whether a message is to go this way at all. */
  readonly concerns: (topic: string) => boolean
  /** Whether it is set aside. */
  readonly isAside: (topic: string, bytes: number) => boolean
  /** Sends it when the broker has survived what was sent before; returns whether it has to wait. */
  readonly send: (topic: string, bytes: number, transmit: () => void) => boolean
  /** Told why the link ended. */
  readonly ended: (error: LinkError) => void
}

/**
 * Finds the message that a broker answers by closing the link, as MQTT 3.1.1 has it do with one that is too large or on a
 * topic that it forbids: it would be repeated at every link, and nothing behind it would ever arrive.
 *
 * A link that follows one that broke sends in batches, each with a PINGREQ behind it: what came before the answer did no harm.
 * The links after it go in ever smaller parts through the batch that was not survived. The message that ends a link alone,
 * three times on end, is set aside for an hour, and the log says which it is: a bad network ends links beside an innocent one,
 * too, and it did so twice in a row.
 */
export function punishments<Message>(broker: string, log: Logger) {
  const suspicions = new Map<string, Suspicion>()
  const logged = new Map<string, true>()
  const held = new Map<string, Message>()
  /** Topics of which a message may have ended the last link. */
  let suspects = new Set<string>()
  let isWary = false

  const isGuilty = (one: Suspicion | undefined): one is Suspicion => one !== undefined && one.deaths >= proof

  const suspect = (topic: string, bytes: number) => {
    const known = suspicions.get(topic)
    const suspicion = {
      deaths: (known?.deaths ?? 0) + 1,
      bytes: Math.min(bytes, known?.bytes ?? bytes),
      until: 0,
    }
    remember(suspicions, topic, suspicion, topicLimit)
    if (!isGuilty(suspicion)) return
    suspicion.until = asyncScheduler.now() + setAside
    if (!logged.has(topic))
      log.warn(
        `broker ${broker} closes the connection whenever it is sent the ${bytes} bytes for ${topic}: they are set aside, and tried again in an hour; does it limit the size of messages, or forbid that topic?`,
      )
    remember(logged, topic, true, topicLimit)
  }

  const trial = (client: MqttClient, moved: () => void): Trial => {
    const before = suspects
    const part = Math.ceil(before.size / parts)
    const waiting: { readonly topic: string; readonly bytes: number; readonly transmit: () => void }[] = []
    let isWatching = isWary
    let most = firstBatch
    let batch = new Map<string, number>()
    let room = Infinity
    let isAsked = false
    let asked = 0
    let answered = 0
    let awaited = 0

    const roomBeside = (topic: string) => (suspicions.has(topic) ? 1 : before.has(topic) ? part : most)
    const fits = (topic: string) => !isAsked && batch.size < Math.min(room, roomBeside(topic))
    const ask = () => {
      if (isAsked || batch.size === 0 || !client.connected) return
      isAsked = true
      client.sendPing()
      awaited = asked
    }
    const go = (topic: string, bytes: number, transmit: () => void) => {
      if (batch.size === 0) process.nextTick(ask)
      room = Math.min(room, roomBeside(topic))
      batch.set(topic, bytes)
      transmit()
      if (batch.size >= room) ask()
    }
    const survived = () => {
      for (const [topic, bytes] of batch) {
        before.delete(topic)
        const suspicion = suspicions.get(topic)
        if (!suspicion || bytes < suspicion.bytes) continue
        suspicions.delete(topic)
        logged.delete(topic)
      }
      batch = new Map()
      room = Infinity
      isAsked = false
      most = Math.min(2 * most, lastBatch)
      for (let next = waiting[0]; next && fits(next.topic); next = waiting[0]) {
        waiting.shift()
        go(next.topic, next.bytes, next.transmit)
      }
      if (waiting.length > 0) ask()
      else {
        if (most === lastBatch && before.size === 0) isWatching = isWary = false
        moved()
      }
    }
    client.on('packetsend', ({ cmd }) => {
      if (cmd === 'pingreq') asked += 1
    })
    client.on('packetreceive', ({ cmd }) => {
      if (cmd !== 'pingresp') return
      answered += 1
      if (isAsked && answered >= awaited) survived()
    })

    return {
      concerns: (topic) => isWatching || (suspicions.size > 0 && suspicions.has(topic)),
      isAside: (topic, bytes) => {
        const suspicion = suspicions.get(topic)
        if (!isGuilty(suspicion) || suspicion.until <= asyncScheduler.now()) return false
        return suspicion.bytes < small || bytes >= 0.75 * suspicion.bytes
      },
      send: (topic, bytes, transmit) => {
        if (waiting.length === 0 && fits(topic)) {
          go(topic, bytes, transmit)
          return false
        }
        waiting.push({ topic, bytes, transmit })
        ask()
        return true
      },
      ended: ({ punishes, lasted }) => {
        if (lasted === undefined) return
        isWary = punishes
        suspects = isWary ? new Set(batch.keys()) : new Set()
        const [first] = batch
        if (isWary && first && batch.size === 1) suspect(...first)
      },
    }
  }
  return {
    trial,
    /** Keeps what was set aside, for when it is tried again; of each topic the latest. */
    hold: (topic: string, message: Message): void => {
      remember(held, topic, message, heldLimit)
    },
    /** What is set aside may be tried again now. */
    pardon: (): void => {
      for (const suspicion of suspicions.values()) suspicion.until = 0
    },
    /** Gives back what may be tried again. */
    release: (): Message[] =>
      [...held].flatMap(([topic, message]) => {
        const { until = 0 } = suspicions.get(topic) ?? {}
        if (until > asyncScheduler.now()) return []
        held.delete(topic)
        // In a list, for a message may be one itself.
        return [message]
      }),
  }
}
