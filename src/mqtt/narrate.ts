import { type MonoTypeOperatorFunction, tap } from 'rxjs'
import { quoteText } from '../config/quoteText.js'
import type { Logger } from '../logging/logger.js'
import { brokerName } from './brokerName.js'
import { explain } from './explain.js'
import type { Link } from './link.js'
import { LinkError } from './linkError.js'
import type { MqttOptions } from './mqttOptions.js'

/** How often a link may be closed before it is no accident; one that lasts a minute has no rival for its client id. */
const kicksToNotice = 3
const calm = 60_000

/**
 * Says in the log when the connection comes, when it goes and why: once per change, however often it is tried again, and
 * for all hosts of a connection together.
 */
export function narrate(log: Logger): (options: MqttOptions) => MonoTypeOperatorFunction<Link> {
  const said = new Set<string>()
  let kicks = 0

  const say = (error: LinkError, options: MqttOptions) => {
    const takenOver = error.code === 'DISCONNECT_0x8E'
    const kicked = (takenOver || error.code === 'CLOSED') && (error.lasted ?? 0) < calm
    kicks = kicked ? kicks + (takenOver ? kicksToNotice : 1) : 0
    const text =
      kicks < kicksToNotice || takenOver
        ? `${explain(error, options)}; ${error.refused ? 'trying again about once a minute' : 'trying again'}`
        : `broker ${brokerName(options)} closes the connection soon after each login: is another client with the id ${quoteText(options.client)} connected? Each needs a Client of its own`
    // A link may fail for two reasons in turn: each is said once until there is a link again.
    if (said.has(text)) return
    said.add(text)
    if (error.refused) log.error(text)
    else log.warn(text)
  }
  return (options) =>
    tap({
      next: () => {
        if (kicks >= kicksToNotice) return
        log.info(`connected to broker ${brokerName(options)}`)
        said.clear()
      },
      error: (error: unknown) => {
        if (error instanceof LinkError) say(error, options)
      },
    })
}
