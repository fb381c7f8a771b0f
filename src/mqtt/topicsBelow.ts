import { remember } from '../bounded.js'
import { topicFault } from '../config/fields/topicFault.js'
import { quoteText } from '../config/quoteText.js'
import type { Logger } from '../logging/logger.js'

const limit = 100_000
const reserved = new Set(['status', 'refresh', 'health'])

/**
 * Makes topics of destinations, each text once. A destination that cannot be published on, or that is the connection's
 * own, has none: it is said in the log once. Nothing that passes lies outside `<rootTopic>/`.
 */
export function topicsBelow(rootTopic: string, log: Logger): (destination: string) => string | undefined {
  const topics = new Map<string, string | null>()
  return (destination) => {
    const known = topics.get(destination)
    if (known !== undefined) return known ?? undefined
    const fault = reserved.has(destination) ? 'that topic is the connection’s own' : topicFault(destination)
    if (fault) log.warn(`a reading for the destination ${quoteText(destination)} is not published: ${fault}`)
    remember(topics, destination, fault ? null : `${rootTopic}/${destination}`, limit)
    return fault ? undefined : `${rootTopic}/${destination}`
  }
}
