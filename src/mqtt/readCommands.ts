import { isUtf8 } from 'node:buffer'
import { mergeMap } from 'rxjs'
import type { OperatorFunction } from 'rxjs'
import type { Logger } from '../logging/logger.js'
import type { Command } from '../model.js'
import type { Message } from './messagesOn.js'

/** No command is longer; what is may be an attack, and commands wait in queues. */
const longest = 65_536

/**
 * Reads messages below `rootTopic` as commands, which are UTF-8 of up to 64 KiB. What is not is refused; that is said in
 * the log once a topic, until a command can be read there again.
 */
export function readCommands(
  from: string,
  rootTopic: string,
  log: Logger,
): OperatorFunction<Message, Command> {
  const refusing = new Set<string>()
  return mergeMap(({ topic, payload, retained }) => {
    const fault =
      payload.length > longest
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
    const text = Buffer.from(payload).toString()
    return [{ source, payload: text, from, ...(retained && { retained }) }]
  })
}
