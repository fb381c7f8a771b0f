import { Subject } from 'rxjs'
import { isRetained, type Metrics } from '../delivery/deliveries.js'
import { quoteText } from '../fields/problems.js'
import { topicFault } from '../fields/topicFields.js'
import { remember } from '../memory.js'
import { type Delivery, isWithdrawal, type Logger, payload, type Reading } from '../model.js'
import { wholeTopic } from './homeAssistantDocuments.js'
import type { Link } from './link.js'
import type { BrokerOptions } from './options.js'
import type { PublishOptions } from './publisher.js'

const stateLimit = 20_000

/** Publishes readings over the newest link and counts what becomes of them. */
export function outgoing(
  { rootTopic, delivery = {} }: Pick<BrokerOptions, 'rootTopic' | 'delivery'>,
  metrics: Metrics,
  log: Logger,
) {
  const topicOf = topicsBelow(rootTopic, log)
  const states = new Map<string, Reading>()
  const settled$ = new Subject<Reading>()
  const documents$ = new Subject<{ readonly reading: Reading; readonly isTaken: boolean }>()
  let link: Link | undefined

  const countRefused = (outcome: string) => {
    if (outcome === 'refused') metrics.dropped.refused += 1
  }
  const send = (reading: Reading) => {
    const topic = reading.about === wholeTopic ? reading.destination : topicOf(reading.destination)
    if (topic === undefined) {
      metrics.dropped.invalid += 1
      settled$.next(reading)
      return
    }
    metrics.published += 1
    const how = howToPublish(reading, delivery)
    if (how.qos === 0) link?.publish(topic, payload(reading), how, countRefused)
    else
      link?.publish(topic, payload(reading), how, (outcome) => {
        if (outcome === 'lost') return
        if (outcome === 'acknowledged') metrics.acknowledged += 1
        else metrics.dropped.refused += 1
        if (reading.about === wholeTopic) documents$.next({ reading, isTaken: outcome === 'acknowledged' })
        settled$.next(reading)
      })
  }
  return {
    /** Readings of which no more can become: the broker has them, or does not want them. */
    settled$: settled$.asObservable(),
    /** Documents for Home Assistant of which the same holds. */
    documents$: documents$.asObservable(),
    publish: (reading: Reading): void => {
      if (isWithdrawal(reading)) states.delete(reading.destination)
      else if (reading.retain && !reading.event) remember(states, reading.destination, reading, stateLimit)
      send(reading)
    },
    /** Takes a link, and says again over it the states that the broker is to retain. */
    restate: (over = link): void => {
      link = over
      states.forEach(send)
    },
  }
}

const plain: PublishOptions = { qos: 0, retain: false }

/**
 * How a reading is published, `preset` being what the connection says. What the program itself has retained is acknowledged, and
 * so is that something is cleared.
 */
function howToPublish(reading: Reading, preset: Delivery): PublishOptions {
  const { retain, echo, delivery } = reading
  const qos = delivery?.qos ?? preset.qos ?? 0
  const retained = isRetained(reading, preset)
  if (qos === 0 && !retained && !echo) return plain
  const acknowledged = retained && (retain === true || isWithdrawal(reading))
  return { qos: acknowledged && qos === 0 ? 1 : qos, retain: retained, ...(echo && { echo }) }
}

const reserved = new Set(['status', 'refresh', 'health'])

const faultLimit = 10_000

/**
 * Makes topics of destinations. A destination that cannot be published on, or that is the connection's own, has none: it is
 * said in the log once. Nothing that passes lies outside `<rootTopic>/`.
 */
export function topicsBelow(rootTopic: string, log: Logger): (destination: string) => string | undefined {
  const warned = new Map<string, true>()
  return (destination) => {
    const fault = reserved.has(destination) ? 'that topic is the connection’s own' : topicFault(destination)
    // The topics themselves are not kept: to join two texts is as quick as to find a third, and quicker than among many.
    if (fault === undefined) return `${rootTopic}/${destination}`
    if (!warned.has(destination))
      log.warn(`a reading for the destination ${quoteText(destination)} is not published: ${fault}`)
    remember(warned, destination, true, faultLimit)
    return undefined
  }
}
