import { remember } from '../bounded.js'
import { topicFault } from '../config/fields/topicFault.js'
import { quoteText } from '../config/quoteText.js'
import type { Logger } from '../logging/logger.js'

const limit = 10_000
const reserved = new Set(['status', 'refresh', 'health'])

/** A text without these has no fault, unless it is very long. Nearly all are such, so none of them is kept in memory. */
const unusual = /[^\w./: -]/
const long = 1000

/**
 * Makes topics of destinations. A destination that cannot be published on, or that is the connection's own, has none: it is
 * said in the log once. Nothing that passes lies outside `<rootTopic>/`.
 */
export function topicsBelow(rootTopic: string, log: Logger): (destination: string) => string | undefined {
  const faults = new Map<string, string | undefined>()
  const faultOf = (destination: string) => {
    if (faults.has(destination)) return faults.get(destination)
    const fault = reserved.has(destination) ? 'that topic is the connection’s own' : topicFault(destination)
    if (fault) log.warn(`a reading for the destination ${quoteText(destination)} is not published: ${fault}`)
    remember(faults, destination, fault, limit)
    return fault
  }
  const isOrdinary = (destination: string) =>
    destination !== '' &&
    destination.length < long &&
    !unusual.test(destination) &&
    !reserved.has(destination)
  return (destination) =>
    isOrdinary(destination) || !faultOf(destination) ? `${rootTopic}/${destination}` : undefined
}
