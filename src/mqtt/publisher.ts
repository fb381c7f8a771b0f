import type { IConnackPacket, MqttClient } from 'mqtt'
import {
  EMPTY,
  filter,
  ignoreElements,
  interval,
  isObservable,
  map,
  merge,
  type Observable,
  skip,
  Subject,
  tap,
} from 'rxjs'
import { remember } from '../memory.js'
import type { Command, Logger } from '../model.js'
import { brokerName, type BrokerOptions } from './options.js'
import { publishBatch } from './publishBatch.js'
import { punishments } from './punished.js'
import { brokerReasons, type LinkError, reasonCode } from './reasons.js'

/** Publishes a message; tells in `settled` what became of it, if anybody wants to know and the link lives to see it. */
export type Publish = (
  topic: string,
  payload: string,
  how: PublishOptions,
  settled?: (outcome: Outcome) => void,
) => void

/** How a message is published. */
export interface PublishOptions {
  readonly qos: 0 | 1 | 2
  /** The broker keeps it for whoever subscribes later. */
  readonly retain: boolean
  /** It does not come back as a command. */
  readonly echo?: true
}

/** What became of a message: the broker has it (at QoS 0: it was sent), does not want it, or the link was over first. */
type Outcome = 'acknowledged' | 'refused' | 'lost'

/** Publishes over one link what its broker takes. */
interface Publisher {
  readonly publish: Publish
  /** What comes back without being a command. */
  readonly echoes$: Observable<Pick<Command, 'source' | 'payload'>>
  /** Emits when the broker has not acknowledged a message for `acknowledgeTimeout` to twice that: it never will. */
  readonly overdue$: Observable<Error>
  /** How many messages were sent since the broker last answered anything. */
  readonly unanswered: () => number
  /** Told why the link ended. */
  readonly ended: (error: LinkError) => void
}

/**
 * Publishes within the limits of the broker: what is beyond them is sent later (in flight), otherwise (QoS, retain) or not
 * at all (size). The log hears of the last two once, not once a link; as it does of messages that the broker refuses.
 * `full` is called when no more can be sent for now, `moved` when what had to wait for the broker's answer has been sent.
 * What a broker answers by closing the link is found and set aside.
 */
export function publisher(
  options: BrokerOptions,
  log: Logger,
): (client: MqttClient, full: () => void, moved?: () => void) => Publisher {
  const broker = brokerName(options)
  const warned = new Set<string>()
  const warnOnce = (text: string) => {
    if (!warned.has(text)) log.warn(text)
    warned.add(text)
  }
  const refusal = refusals(broker, log)
  const { trial: trialOf, hold, pardon, release } = punishments<Parameters<Publish>>(broker, log)
  const { rootTopic, version = '3.1.1', messageExpiry, acknowledgeTimeout = 30_000 } = options
  // They are told anew after each reload.
  const reloaded$ = isObservable(options.commandSources) ? options.commandSources.pipe(skip(1)) : EMPTY
  const expiring = version === '5' &&
    messageExpiry !== undefined && {
      properties: { messageExpiryInterval: Math.ceil(messageExpiry / 1000) },
    }

  return (client, full, moved = () => undefined) => {
    const trial = trialOf(client, moved)
    const echoes$ = new Subject<Pick<Command, 'source' | 'payload'>>()
    let limits = serverLimits()
    let inFlight = 0
    let unanswered = 0
    const waiting: (() => void)[] = []
    const { stream } = client
    const plain = publishBatch(stream, version)
    // Those of the present period, and those of the one before; no clock that may jump decides.
    let [young, old] = [{ owed: 0 }, { owed: 0 }]
    // Whatever else is sent keeps its place after what came before it.
    client.on('packetsend', plain.flush)
    client.on('packetreceive', () => (unanswered = 0))
    client.on('connect', ({ properties }) => (limits = serverLimits(properties)))

    const within = (qos: 0 | 1 | 2, retain: boolean) => {
      if (qos > limits.qos)
        warnOnce(`broker ${broker} takes no QoS above ${limits.qos}: messages at QoS ${qos} are sent at that`)
      if (retain && !limits.retain)
        warnOnce(`broker ${broker} retains no messages: Retain has no effect there`)
      const retained = retain && limits.retain
      return { qos: Math.min(qos, limits.qos) as typeof qos, retain: retained, ...(retained && expiring) }
    }
    const isTooLarge = (topic: string, payload: string) =>
      limits.packetSize < Infinity &&
      Buffer.byteLength(topic) + Buffer.byteLength(payload) + overhead > limits.packetSize

    /** Returns what became of it, unless that shows later. */
    const send = (
      topic: string,
      payload: string,
      how: PublishOptions,
      settled: ((outcome: Outcome) => void) | undefined,
    ): Outcome | undefined => {
      // MQTT.js would keep it for a next link, which this client never has.
      if (!client.connected) return 'lost'
      if (isTooLarge(topic, payload)) {
        refusal(topic, tooLarge)
        return 'refused'
      }
      if (!trial.concerns(topic)) return transmit(topic, payload, how, settled)
      const bytes = Buffer.byteLength(payload)
      if (trial.isAside(topic, bytes)) {
        hold(topic, [topic, payload, how])
        return 'refused'
      }
      const transmitNow = () => {
        const outcome = transmit(topic, payload, how, settled)
        if (outcome !== undefined) settled?.(outcome)
      }
      if (trial.send(topic, bytes, transmitNow)) full()
      return undefined
    }

    const transmit = (
      topic: string,
      payload: string,
      { qos, retain }: PublishOptions,
      settled: ((outcome: Outcome) => void) | undefined,
    ): Outcome | undefined => {
      if (qos === 0 && !retain) {
        plain.add(topic, payload)
        return 'acknowledged'
      }
      const how = within(qos, retain)
      if (how.qos === 0) {
        client.publish(topic, payload, how)
        return 'acknowledged'
      }
      const sendNow = () => {
        inFlight += 1
        const period = young
        period.owed += 1
        client.publish(topic, payload, how, (error) => {
          inFlight -= 1
          period.owed -= 1
          const code = codeOf(error)
          if (error && code === undefined) {
            settled?.('lost')
            return
          }
          refusal(topic, code)
          waiting.shift()?.()
          settled?.(error ? 'refused' : 'acknowledged')
        })
      }
      if (inFlight < limits.inFlight) sendNow()
      else waiting.push(sendNow)
      return undefined
    }

    const publish: Publish = (topic, payload, how, settled) => {
      unanswered += 1
      if (how.echo) echoes$.next({ source: topic.slice(rootTopic.length + 1), payload })
      const outcome = send(topic, payload, how, settled)
      if (outcome !== undefined) settled?.(outcome)
      if (stream.writableNeedDrain) full()
    }
    const overdue$ = interval(acknowledgeTimeout).pipe(
      map(() => {
        const { owed } = old
        ;[old, young] = [young, { owed: 0 }]
        return owed
      }),
      filter((owed) => owed > 0),
      map(() => Object.assign(new Error('no acknowledgement'), { code: 'PUBACK_TIMEOUT' })),
    )
    const again$ = merge(interval(releasePeriod), reloaded$.pipe(tap(pardon))).pipe(
      tap(() => {
        for (const message of release()) publish(...message)
      }),
      ignoreElements(),
    )
    return {
      echoes$,
      overdue$: merge(overdue$, again$),
      publish,
      unanswered: () => unanswered,
      ended: trial.ended,
    }
  }
}

/** How often what was set aside is looked through, ms. */
const releasePeriod = 60_000

/** Bytes of a packet beside topic and payload. */
const overhead = 20

const tooLarge = 0x95

/** The reason code of a broker that refuses; MQTT.js says everything else without one. */
const codeOf = (error: (Error & { code?: unknown }) | null | undefined): number | undefined =>
  typeof error?.code === 'number' ? error.code : undefined

const refusalLimit = 1000

/** Logs that a broker refuses messages on a topic, and why: once, until it takes one or has another reason. */
function refusals(broker: string, log: Logger): (topic: string, code: number | undefined) => void {
  const logged = new Map<string, number>()
  return (topic, code) => {
    if (code === undefined) logged.delete(topic)
    if (code === undefined || logged.get(topic) === code) return
    remember(logged, topic, code, refusalLimit)
    const name = reasonCode(code)
    log.warn(
      `broker ${broker} refuses messages on ${topic} (${name}): ${brokerReasons[name] ?? 'its log may tell why'}`,
    )
  }
}

/** What a broker has said in CONNACK that it takes (MQTT 5, section 3.2.2.3); with MQTT 3.1.1 there are no limits. */
const serverLimits = (properties: IConnackPacket['properties'] = {}) => ({
  qos: properties.maximumQoS ?? 2,
  retain: properties.retainAvailable ?? true,
  /** Bytes of a whole packet. */
  packetSize: properties.maximumPacketSize ?? Infinity,
  /** Messages that may wait for their acknowledgement: the status is one too, and must be able to leave at any time. */
  inFlight: Math.max(1, (properties.receiveMaximum ?? 65_535) - 1),
})
