import type { IConnackPacket, MqttClient } from 'mqtt'
import { filter, interval, map, type Observable } from 'rxjs'
import { remember } from '../memory.js'
import type { Logger } from '../model.js'
import { brokerName, type MqttOptions } from './options.js'
import { publishBatch } from './publishBatch.js'
import { brokerReasons, reasonCode } from './reasons.js'

/** What became of a message: the broker has it (at QoS 0: it was sent), does not want it, or the link was over first. */
export type Outcome = 'acknowledged' | 'refused' | 'lost'

/** A client that publishes what its broker takes. */
export interface Publisher {
  readonly publish: (
    topic: string,
    payload: string,
    options: { readonly qos?: 0 | 1 | 2; readonly retain?: boolean },
    settled?: (outcome: Outcome) => void,
  ) => void
  readonly limits: () => ServerLimits
  /** Emits when the broker has not acknowledged a message for `acknowledgeTimeout` to twice that: it never will. */
  readonly overdue$: Observable<Error>
}

/** Bytes of a packet beside topic and payload. */
const overhead = 20

const tooLarge = 0x95

/**
 * Publishes within the limits of the broker: what is beyond them is sent later (in flight), otherwise (QoS, retain) or not
 * at all (size). The log hears of the last two once, not once a link; as it does of messages that the broker refuses.
 */
export function publisher(options: MqttOptions, log: Logger): (client: MqttClient) => Publisher {
  const broker = brokerName(options)
  const said = new Set<string>()
  const sayOnce = (text: string) => {
    if (!said.has(text)) log.warn(text)
    said.add(text)
  }
  const refusal = refusals(broker, log)
  const { version = '3.1.1', messageExpiry, acknowledgeTimeout = 30_000 } = options
  const expiring = version === '5' &&
    messageExpiry !== undefined && {
      properties: { messageExpiryInterval: Math.ceil(messageExpiry / 1000) },
    }

  return (client) => {
    let limits = serverLimits()
    let inFlight = 0
    const waiting: (() => void)[] = []
    const plain = publishBatch(client.stream, version)
    // Those of the present period, and those of the one before; no clock that may jump decides.
    let [young, old] = [{ owed: 0 }, { owed: 0 }]
    // Whatever else is sent keeps its place after what came before it.
    client.on('packetsend', plain.flush)
    client.on('connect', ({ properties }) => (limits = serverLimits(properties)))

    const within = (qos: 0 | 1 | 2, retain: boolean) => {
      if (qos > limits.qos)
        sayOnce(`broker ${broker} takes no QoS above ${limits.qos}: messages at QoS ${qos} are sent at that`)
      if (retain && !limits.retain)
        sayOnce(`broker ${broker} retains no messages: Retain has no effect there`)
      const retained = retain && limits.retain
      return { qos: Math.min(qos, limits.qos) as typeof qos, retain: retained, ...(retained && expiring) }
    }
    const isTooLarge = (topic: string, payload: string) =>
      limits.packetSize < Infinity &&
      Buffer.byteLength(topic) + Buffer.byteLength(payload) + overhead > limits.packetSize

    return {
      limits: () => limits,
      overdue$: interval(acknowledgeTimeout).pipe(
        map(() => {
          const { owed } = old
          ;[old, young] = [young, { owed: 0 }]
          return owed
        }),
        filter((owed) => owed > 0),
        map(() => Object.assign(new Error('no acknowledgement'), { code: 'PUBACK_TIMEOUT' })),
      ),
      publish: (topic, payload, { qos = 0, retain = false }, settled) => {
        if (!client.connected) {
          // MQTT.js would keep it for a next link, which this client never has.
          settled?.('lost')
          return
        }
        if (isTooLarge(topic, payload)) {
          refusal(topic, tooLarge)
          settled?.('refused')
          return
        }
        if (qos === 0 && !retain) {
          plain.add(topic, payload)
          settled?.('acknowledged')
          return
        }
        const how = within(qos, retain)
        if (!how.qos) {
          client.publish(topic, payload, how)
          settled?.('acknowledged')
          return
        }
        const send = () => {
          inFlight += 1
          const period = young
          period.owed += 1
          client.publish(topic, payload, how, (error) => {
            inFlight -= 1
            period.owed -= 1
            const outcome = outcomeOf(error)
            if (outcome !== 'lost') {
              refusal(topic, codeOf(error))
              waiting.shift()?.()
            }
            settled?.(outcome)
          })
        }
        if (inFlight < limits.inFlight) send()
        else waiting.push(send)
      },
    }
  }
}

/** The reason code of a broker that refuses; MQTT.js says everything else without one. */
function codeOf(error: (Error & { code?: unknown }) | null | undefined): number | undefined {
  return typeof error?.code === 'number' ? error.code : undefined
}

function outcomeOf(error: Error | null | undefined): Outcome {
  if (!error) return 'acknowledged'
  return codeOf(error) === undefined ? 'lost' : 'refused'
}

const limit = 1000

/** Says in the log that a broker refuses messages on a topic, and why: once, until it takes one or has another reason. */
function refusals(broker: string, log: Logger): (topic: string, code: number | undefined) => void {
  const said = new Map<string, number>()
  return (topic, code) => {
    if (code === undefined) said.delete(topic)
    if (code === undefined || said.get(topic) === code) return
    remember(said, topic, code, limit)
    const name = reasonCode(code)
    log.warn(
      `broker ${broker} refuses messages on ${topic} (${name}): ${brokerReasons[name] ?? 'its log may tell why'}`,
    )
  }
}

/** What a broker takes. */
interface ServerLimits {
  readonly qos: number
  readonly retain: boolean
  /** Bytes of a whole packet. */
  readonly packetSize: number
  /** Messages at QoS 1 and 2 that may wait for their acknowledgement. */
  readonly inFlight: number
}

/** What a broker has said in CONNACK that it takes (MQTT 5, section 3.2.2.3); with MQTT 3.1.1 there are no limits. */
const serverLimits = (properties: IConnackPacket['properties'] = {}): ServerLimits => ({
  qos: properties.maximumQoS ?? 2,
  retain: properties.retainAvailable ?? true,
  packetSize: properties.maximumPacketSize ?? Infinity,
  // The status is a message too, and must be able to leave at any time.
  inFlight: Math.max(1, (properties.receiveMaximum ?? 65_535) - 1),
})
