import { isUtf8 } from 'node:buffer'
import type { MqttClient } from 'mqtt'
import {
  asyncScheduler,
  filter,
  fromEvent,
  isObservable,
  map,
  mergeMap,
  Observable,
  of,
  type Subscription,
  switchMap,
  tap,
  throttleTime,
  timer,
} from 'rxjs'
import { quoteText } from '../fields/problems.js'
import { remember } from '../memory.js'
import type { Command, Logger } from '../model.js'
import { type GuardFault, longestCommand } from './guard.js'
import type { BrokerOptions } from './options.js'
import type { LinkError } from './reasons.js'

/**
 * What comes in below the root topic for the actuators: UTF-8 of up to 64 KiB. What is not is refused; the log hears of that once
 * a topic, until a command can be read there again.
 */
export function incomingCommands(
  client: MqttClient,
  { name, rootTopic, commandSources = [] }: Pick<BrokerOptions, 'name' | 'rootTopic' | 'commandSources'>,
  log: Logger,
  shunned: Shunned = shunNothing,
): Observable<Command> {
  const refusing = new Set<string>()
  const sources$ = isObservable(commandSources) ? commandSources : of(commandSources)
  const topics$ = sources$.pipe(map((sources) => sources.map((source) => `${rootTopic}/${source}`)))
  return messagesOn(client, topics$, 1, log, shunned).pipe(
    mergeMap(({ topic, payload, retained }) => {
      const fault =
        payload.length > longestCommand
          ? `of ${payload.length} bytes`
          : isUtf8(payload)
            ? undefined
            : 'that is not UTF-8'
      if (fault !== undefined) {
        if (!refusing.has(topic))
          log.warn(`a command on ${topic} ${fault} is refused: expected a text of up to 64 KiB`)
        refusing.add(topic)
        return []
      }
      refusing.delete(topic)
      const source = topic.slice(rootTopic.length + 1)
      const text = Buffer.from(payload.buffer, payload.byteOffset, payload.length).toString()
      return [{ source, payload: text, from: name, ...(retained && { retained }) }]
    }),
  )
}

/** What comes in on the topic on which people ask for the latest readings; an old request that was retained is none. */
export const refreshRequests = (
  client: MqttClient,
  topic: string,
  log: Logger,
  shunned: Shunned = shunNothing,
): Observable<Message> =>
  fromEvent(client, 'connect').pipe(
    // At QoS 1 a cluster keeps a queue for us on one of its nodes, and lets us in nowhere while that node is down.
    switchMap(() => messagesOn(client, of([topic]), 0, log, shunned)),
    filter(({ retained }) => !retained),
    // Whoever asks without pause is answered ten times a second; each answer is the latest of everything.
    throttleTime(100, asyncScheduler, { leading: true, trailing: true }),
  )

/** What comes in on a topic, whatever its bytes. */
export interface Message {
  readonly topic: string
  readonly payload: Uint8Array
  /** It was said before we came, and the broker kept it. */
  readonly retained: boolean
}

/** Subscribes to the newest topics at the broker and emits every message on them. The log hears of a broker that refuses. */
export const messagesOn = (
  client: MqttClient,
  topics$: Observable<readonly string[]>,
  qos: 0 | 1,
  log: { readonly warn: (text: string) => void },
  shunned: Shunned,
): Observable<Message> =>
  new Observable((subscriber) => {
    // Those that are not to be read yet wait here.
    const topics = new Map<string, Subscription | undefined>()
    const receive = (topic: string, payload: Buffer, { retain }: { readonly retain: boolean }) => {
      if (topics.has(topic) || topics.has(alike(topic))) subscriber.next({ topic, payload, retained: retain })
    }
    client.on('message', receive)
    const subscribe = (topic: string) =>
      client.subscribe(topic, { qos }, (error) => {
        if (error?.message.startsWith('Subscribe error'))
          log.warn(
            `the broker does not let us read ${topic}: nothing comes of messages there until it allows that`,
          )
      })
    const begin = (topic: string) => {
      const wait = shunned(topic)
      topics.set(
        topic,
        wait > 0
          ? timer(wait)
              .pipe(tap(() => subscribe(topic)))
              .subscribe()
          : undefined,
      )
      if (wait <= 0) subscribe(topic)
    }
    const end = (topic: string) => {
      topics.get(topic)?.unsubscribe()
      topics.delete(topic)
      client.unsubscribe(topic)
    }
    subscriber.add(
      topics$.subscribe({
        next: (wanted) => {
          for (const topic of [...topics.keys()]) if (!wanted.includes(topic)) end(topic)
          for (const topic of wanted) if (!topics.has(topic)) begin(topic)
        },
        error: (error: unknown) => subscriber.error(error),
      }),
    )
    return () => {
      client.off('message', receive)
      for (const topic of [...topics.keys()]) end(topic)
    }
  })

/** The filter with any level before the last, which is the only kind of wildcard here: `homeassistant/device/+/config`. */
const alike = (topic: string): string => topic.replace(/[^/]+(?=\/[^/]*$)/, '+')

/** For how many ms more a topic is not to be read. */
export type Shunned = (topic: string) => number

const shunNothing: Shunned = () => 0

/** A broker keeps a message that was retained, and sends it again and again to whoever subscribes. */
const shunning = 3_600_000

/** Ms: a link that ends sooner has not outlived what it was sent at its beginning. */
const moments = 10_000

/**
 * Remembers topics of which a message was too large: one that ends the link twice in a row, within moments of its beginning, is
 * not read for an hour, so that all else can go on. `ended` is told of every end of a link.
 */
export function shunTooLarge(log: Logger) {
  const until = new Map<string, number>()
  let suspect: string | undefined
  return {
    shunned: (topic: string) => (until.get(topic) ?? 0) - asyncScheduler.now(),
    ended: ({ cause, lasted = 0 }: LinkError): void => {
      const topic = cause && (cause as Partial<GuardFault>).topic
      if (topic !== undefined && topic === suspect && lasted < moments) {
        log.warn(
          `nothing is read on ${quoteText(topic)} for an hour, since messages there are too large: clear what is retained there`,
        )
        // Nor on a filter that it came in on.
        for (const each of [topic, alike(topic)]) remember(until, each, asyncScheduler.now() + shunning, 100)
      }
      suspect = topic
    },
  }
}
