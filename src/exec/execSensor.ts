import { defer, map } from 'rxjs'
import * as z from 'zod'
import { anyText, describe, deviceAt } from '../description.js'
import type { Logger, Sensor } from '../model.js'
import { poll } from '../operators/poll.js'
import { checked, inCode, optionsInCode } from '../plugin/codeOptions.js'
import { milliseconds, seconds } from '../plugin/fields.js'
import { sensorPlugin } from '../plugin/plugin.js'
import { destination as topic } from '../plugin/topicFields.js'
import { commandInCode, commandLine } from './commandLine.js'
import { environmentNames, handedOn } from './environment.js'
import { errorResult, outputBytes, outputInCode, runCommand } from './runCommand.js'

/** What to run, how often, and where its output goes. */
export interface ExecSensorOptions {
  /** Where its standard output goes. */
  readonly destination: string
  /** The program and its arguments. */
  readonly script: readonly string[]
  /** Time between two runs, ms; a run that takes as long is ended. */
  readonly period: number
  /** How many bytes of its standard output are kept. @default 65_536 */
  readonly maxOutput?: number
  /** The environment variables that it gets, where they are set. @default PATH, HOME, LANG, TZ, USER, SHELL, TMPDIR */
  readonly variables?: readonly string[]
}

/**
 * Runs a program at once and then every `period` ms, without a shell, and reports its standard output, or `ERROR`
 * when it fails.
 *
 * @throws TypeError that says what is wrong with the options, as for those of a file.
 * @example
 * execSensor({ destination: 'greeting', script: ['echo', 'hello'], period: 10_000 })
 * // → { destination: 'greeting', value: 'hello' }, …
 */
export function execSensor(options: ExecSensorOptions, log: Logger = console): Sensor {
  const { destination, script, period, ...bounds } = checked('execSensor', sensorInCode, options)
  return defer(() => {
    const result = errorResult(log)
    const about = describe(deviceAt(destination), destination, 'output', anyText)
    return poll(period, () => runCommand(script, { timeout: period, ...bounds }).pipe(result)).pipe(
      map((value) => ({ destination, value, about })),
    )
  })
}

const sensorInCode = optionsInCode({
  destination: inCode(topic),
  script: commandInCode,
  period: inCode(milliseconds(1)),
  ...outputInCode,
})

/** `[SensorN] Class = exec.exec_sensor.ExecSensor` */
export const ExecSensor = sensorPlugin({
  summary: 'Runs a program again and again and publishes what it says.',
  options: z.object({
    Poll: seconds(0.1).describe(
      'seconds between two runs; a run that takes as long is ended, the result is ERROR',
    ),
    Script: commandLine.describe(
      'the program and its arguments, quoted as in a shell, but there is none: ; and | are refused',
    ),
    Destination: topic.describe('where the standard output is published, or ERROR'),
    MaxOutput: outputBytes.prefault('65536').describe('bytes of output that are published at most'),
    Env: environmentNames
      .optional()
      .describe(
        'environment variables that the program gets beside PATH, HOME, LANG, TZ, USER, SHELL and TMPDIR, with commas between them; it gets no others',
      ),
  }),
  create: ({ Poll, Script, Destination, MaxOutput, Env }, { log, secretVariables }) =>
    execSensor(
      {
        destination: Destination,
        script: Script,
        period: Poll,
        maxOutput: MaxOutput,
        variables: handedOn(Env, secretVariables),
      },
      log,
    ),
})
