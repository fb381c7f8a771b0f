import { defer, mergeMap, type OperatorFunction } from 'rxjs'
import { escapeControls } from '../logging/escapeControls.js'
import type { Logger } from '../logging/logger.js'
import type { Command } from '../model.js'
import type { SwitchCommand } from '../operators/switched.js'
import { switchCommand } from './switchCommand.js'

/** What commands tell a switch. Of several in a row that tell it nothing, the log says the first. */
export const switchCommands =
  (log: Logger): OperatorFunction<Command, SwitchCommand> =>
  (commands$) =>
    defer(() => {
      let said = false
      return commands$.pipe(
        mergeMap(({ source, payload }) => {
          const command = switchCommand(payload)
          if (command === undefined && !said)
            log.warn(
              `expected ON, OFF, TOGGLE or a time on ${source}, got "${escapeControls(payload.slice(0, 40))}"`,
            )
          said = command === undefined
          return command === undefined ? [] : [command]
        }),
      )
    })
