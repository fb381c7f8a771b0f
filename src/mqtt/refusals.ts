import { remember } from '../bounded.js'
import type { Logger } from '../logging/logger.js'
import { brokerReasons } from './brokerReasons.js'
import { reasonCode } from './reasonCode.js'

const limit = 1000

/** Says in the log that a broker refuses messages on a topic, and why: once, until it takes one or has another reason. */
export function refusals(broker: string, log: Logger): (topic: string, code: number | undefined) => void {
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
