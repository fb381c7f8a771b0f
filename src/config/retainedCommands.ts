import { createHash } from 'node:crypto'
import { filter, type MonoTypeOperatorFunction } from 'rxjs'
import { escapeControls } from '../fields/problems.js'
import { remember } from '../memory.js'
import type { Command, Logger } from '../model.js'

/** What an actuator does with commands that the broker retained from before the program connected. */
export interface RetainedRule {
  /** Obeys all of them (`false`) or none; without it those that set a state, each once. */
  readonly ignore?: boolean | undefined
  /** Topics of the commands that it takes; others are not judged. */
  readonly sources: readonly string[]
  /** Whether obeying a command once more does something once more. */
  readonly acts?: ((command: Command) => boolean) | undefined
}

/**
 * The commands of one process, by actuator, topic and payload. A broker sends what it retained at every reconnect, over every
 * connection, and after a reload.
 */
export type ObeyedCommands = Map<string, true>

/**
 * Leaves out the retained commands that an actuator is not to obey. What has come in once, retained or not, does not come in once
 * more as a retained command: it may be the very same one. The log hears once of each what becomes of it.
 */
export function withoutRetained(
  actuator: string,
  { ignore, sources, acts }: RetainedRule,
  obeyed: ObeyedCommands,
  log: Logger,
): MonoTypeOperatorFunction<Command> {
  const logged: ObeyedCommands = new Map()
  const refusal = (command: Command, key: string): string | undefined => {
    if (ignore !== undefined) return ignore ? 'IgnoreRetained = YES' : undefined
    if (acts?.(command)) return 'it would act at every reconnect; IgnoreRetained = NO obeys it all the same'
    return obeyed.has(key) ? 'it has been obeyed before; IgnoreRetained = NO obeys it every time' : undefined
  }
  return filter((command) => {
    const { source, payload, retained } = command
    if (!sources.includes(source)) return true
    // A payload may have 64 KiB.
    const key = createHash('sha256').update(`${actuator}\0${source}\0${payload}`).digest('base64')
    const fault = retained && refusal(command, key)
    if (fault === undefined && ignore === undefined && !acts?.(command)) remember(obeyed, key, true, limit)
    if (!retained) return true
    const outcome = fault === undefined ? 'is obeyed' : `is not obeyed: ${fault}`
    const text = `the command "${escapeControls(payload.slice(0, 40))}" on ${source}, which the broker had retained, ${outcome}`
    log[logged.has(key + outcome) ? 'debug' : 'info'](text)
    remember(logged, key + outcome, true, limit)
    return fault === undefined
  })
}

/** More payloads than the actuators of a house understand. */
const limit = 10_000
