// @ts-check
import { filter, map } from 'rxjs'
import { actuatorPlugin, fields } from 'sensor-reporter'

/**
 * Does what it is told, and reports what it has done: put yours in place of `act`.
 *
 * @param {{ source: string, destination: string }} topics
 * @param {(command: string) => void} act the tests put something else in its place
 * @returns {import('sensor-reporter').Actuator}
 */
export const templateActuator =
  ({ source, destination }, act) =>
  (commands$) =>
    commands$.pipe(
      filter((command) => command.source === source),
      map(({ payload }) => {
        act(payload)
        return { destination, value: payload }
      }),
    )

/** `[ActuatorN] Class = ./template.js#Template`: what the ini file may say, and what is made of it. */
export const Template = actuatorPlugin({
  summary: 'Writes what it is told to the log.',
  options: fields.object({
    CommandSrc: fields.destination.describe('where it takes commands from'),
    ResultsDest: fields.destination.describe('where it reports what it has done'),
  }),
  sources: ({ CommandSrc }) => [CommandSrc],
  create: ({ CommandSrc, ResultsDest }, { log }) =>
    templateActuator({ source: CommandSrc, destination: ResultsDest }, (command) =>
      log.info(`told ${command}`),
    ),
})
