import { remember } from '../memory.js'
import type { Delivery, Logger, Reading } from '../model.js'
import { quoteText } from '../plugin/problems.js'
import { topicFault } from '../plugin/topicFields.js'
import type { PublishOptions } from './options.js'

const plain: PublishOptions = { qos: 0, retain: false }

/** How a reading is published, `preset` being what the connection says. What the program itself has retained is acknowledged. */
export function howToPublish({ retain, echo, delivery }: Reading, preset: Delivery): PublishOptions {
  const qos = delivery?.qos ?? preset.qos ?? 0
  const retained = retain ?? delivery?.retain ?? preset.retain ?? false
  if (qos === 0 && !retained && !echo) return plain
  return { qos: retain && qos === 0 ? 1 : qos, retain: retained, ...(echo && { echo }) }
}

const limit = 10_000

const reserved = new Set(['status', 'refresh', 'health'])

/**
 * Makes topics of destinations. A destination that cannot be published on, or that is the connection's own, has none: it is
 * said in the log once. Nothing that passes lies outside `<rootTopic>/`.
 */
export function topicsBelow(rootTopic: string, log: Logger): (destination: string) => string | undefined {
  const said = new Map<string, true>()
  return (destination) => {
    const fault = reserved.has(destination) ? 'that topic is the connection’s own' : topicFault(destination)
    // The topics themselves are not kept: to join two texts is as quick as to find a third, and quicker than among many.
    if (fault === undefined) return `${rootTopic}/${destination}`
    if (!said.has(destination))
      log.warn(`a reading for the destination ${quoteText(destination)} is not published: ${fault}`)
    remember(said, destination, true, limit)
    return undefined
  }
}
