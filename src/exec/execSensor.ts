import { defer, map } from 'rxjs'
import * as z from 'zod'
import { anyText, describe, deviceAt } from '../description.js'
import { checked, inCode, optionsInCode } from '../fields/codeOptions.js'
import { milliseconds, seconds, text } from '../fields/fields.js'
import { destination as topic, sensorClass } from '../fields/topicFields.js'
import type { Logger, Sensor } from '../model.js'
import { poll } from '../operators/poll.js'
import { sensorPlugin } from '../plugin/plugin.js'
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
  /** Of what the program says, where that is a number, as Home Assistant spells it: `°C`. */
  readonly unit?: string | undefined
  /** What Home Assistant calls what the program says: `temperature`. */
  readonly deviceClass?: string | undefined
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
  const { destination, script, period, unit, deviceClass, ...bounds } = checked(
    'execSensor',
    sensorInCode,
    options,
  )
  return defer(() => {
    const result = errorResult(log)
    const about = describeOutput({ destination, unit, deviceClass })
    return poll(period, () => runCommand(script, { timeout: period, ...bounds }).pipe(result)).pipe(
      map((value) => ({ destination, value, about })),
    )
  })
}

const sensorInCode = optionsInCode({
  destination: inCode(topic),
  script: commandInCode,
  period: inCode(milliseconds(1)),
  unit: inCode(text).optional(),
  deviceClass: inCode(sensorClass).optional(),
  ...outputInCode,
})

/** With a unit or a class it is a number, else a text. */
const describeOutput = ({
  destination,
  unit,
  deviceClass,
}: Pick<ExecSensorOptions, 'destination' | 'unit' | 'deviceClass'>) => {
  const isText = unit === undefined && deviceClass === undefined
  const number = { ...(unit !== undefined && { unit }), ...(deviceClass !== undefined && { deviceClass }) }
  return describe(deviceAt(destination), destination, 'output', isText ? anyText : number)
}

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
    Unit: text
      .optional()
      .describe('for Home Assistant: the unit of what is published, where that is a number, such as °C'),
    DeviceClass: sensorClass.optional().describe('for Home Assistant: what is measured, such as temperature'),
    MaxOutput: outputBytes.prefault('65536').describe('bytes of output that are published at most'),
    Env: environmentNames
      .optional()
      .describe(
        'environment variables that the program gets beside PATH, HOME, LANG, TZ, USER, SHELL and TMPDIR, with commas between them; it gets no others',
      ),
  }),
  describes: ({ Destination, Unit, DeviceClass }) => ({
    topics: [describeOutput({ destination: Destination, unit: Unit, deviceClass: DeviceClass })],
  }),
  create: ({ Poll, Script, Destination, MaxOutput, Env, Unit, DeviceClass }, { log, secretVariables }) =>
    execSensor(
      {
        destination: Destination,
        script: Script,
        period: Poll,
        maxOutput: MaxOutput,
        variables: handedOn(Env, secretVariables),
        unit: Unit,
        deviceClass: DeviceClass,
      },
      log,
    ),
})
