import { remember } from '../bounded.js'
import { topicFault } from '../config/fields/topicFault.js'
import { quoteText } from '../config/quoteText.js'
import type { Logger } from '../logging/logger.js'

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
