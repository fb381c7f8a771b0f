import { defer, filter, mergeMap, tap } from 'rxjs'
import * as z from 'zod'
import { describe, describeButton, describeSwitch, deviceAt } from '../description.js'
import { checked, inCode, listInCode, optionsInCode } from '../fields/codeOptions.js'
import { integer, milliseconds, seconds, text } from '../fields/fields.js'
import { destination } from '../fields/topicFields.js'
import type { Actuator, Logger, Reading } from '../model.js'
import { queued } from '../operators/queued.js'
import { actuatorPlugin } from '../plugin/plugin.js'
import { commandInCode, commandLine, isSafeWord, words } from './commandLine.js'
import { environmentNames, handedOn } from './environment.js'
import { errorResult, outputBytes, outputInCode, runCommand, type RunOptions } from './runCommand.js'

/** What to run, when, and where its result goes. */
export interface ExecActuatorOptions extends RunOptions {
  /** Where commands come from. */
  readonly commandSrc: string
  /** Where the program's standard output goes, or ERROR. */
  readonly resultsDest: string
  /** Where a command is reported that the program has carried out without an error. @default nowhere */
  readonly stateDest?: string
  /** The program and its first arguments; the words of the message follow. */
  readonly command: readonly string[]
  /** Stands before the words of the message, if there are any: after `--` no word of a message is taken for an option. */
  readonly argsAfter?: readonly string[]
  /** How many may run at a time. @default 1 */
  readonly parallel?: number
}

/**
 * Runs a program whenever a command comes, with the words of its payload as arguments, and reports its standard output,
 * or `ERROR` when it fails. There is no shell, and words with `;` or `|` are left out.
 *
 * @throws TypeError that says what is wrong with the options, as for those of a file.
 * @example
 * const say = execActuator({ commandSrc: 'say', resultsDest: 'said', command: ['echo'] })
 * of({ source: 'say', payload: 'good morning' }).pipe(say)
 * // → { destination: 'said', value: 'good morning' }
 */
export function execActuator(options: ExecActuatorOptions, log: Logger = console): Actuator {
  const {
    commandSrc,
    resultsDest,
    stateDest,
    command,
    argsAfter = [],
    parallel = 1,
    ...bounds
  } = checked('execActuator', actuatorInCode, options)
  return (commands$) =>
    defer(() => {
      const result = errorResult(log)
      const { about, state } = describeProgram({ commandSrc, resultsDest, stateDest })
      let refusing = false
      const argumentsOf = (payload: string) => {
        const stated = messageWords(payload)
        const safe = stated.filter(isSafeWord)
        const refused = safe.length < stated.length
        if (refused && !refusing) log.warn('words with ; or | in a message are left out')
        refusing = refused
        return safe.length > 0 ? [...argsAfter, ...safe] : []
      }
      const run = (payload: string) =>
        defer(() => {
          let isDone = false
          return runCommand([...command, ...argumentsOf(payload)], bounds).pipe(
            tap(() => (isDone = true)),
            result,
            mergeMap((value): Reading[] => [
              { destination: about.topic, value, about },
              ...(state && isDone ? [{ destination: state.topic, value: payload, about: state }] : []),
            ]),
          )
        })
      return commands$.pipe(
        filter(({ source }) => source === commandSrc),
        queued(({ payload }) => run(payload), { parallel, log }),
      )
    })
}

const parallelRuns = integer(1, 16)

const actuatorInCode = optionsInCode({
  commandSrc: inCode(destination),
  resultsDest: inCode(destination),
  stateDest: inCode(destination).optional(),
  command: commandInCode,
  argsAfter: listInCode(inCode(text)).optional(),
  timeout: inCode(milliseconds(1)).optional(),
  parallel: inCode(parallelRuns).optional(),
  ...outputInCode,
})

/** With a state it is a switch, else a button. */
function describeProgram({
  commandSrc,
  resultsDest,
  stateDest,
}: Pick<ExecActuatorOptions, 'commandSrc' | 'resultsDest'> & { readonly stateDest?: string | undefined }) {
  const device = deviceAt(commandSrc)
  const about = describe(device, resultsDest, 'result', { text: true, diagnostic: true })
  if (stateDest === undefined) return { about, topics: [describeButton(device, commandSrc, 'NA'), about] }
  const state = describeSwitch(device, commandSrc, stateDest)
  return { about, state, topics: [state, about] }
}

/** The words of a message; `NA` means none, since an empty message is hard to send with some programs. */
export const messageWords = (payload: string): string[] => {
  const list = payload.split(/\s+/).filter((word) => word !== '')
  return list.length === 1 && list[0] === 'NA' ? [] : list
}

/** `[ActuatorN] Class = exec.exec_actuator.ExecActuator` */
export const ExecActuator = actuatorPlugin({
  summary: 'Runs a program on command and publishes what it says.',
  options: z.object({
    Command: commandLine.describe(
      'the program and its first arguments, quoted as in a shell, but there is none: ; and | are refused',
    ),
    CommandSrc: destination.describe(
      'topic of the commands; the words of a message are appended to Command, unless it is NA',
    ),
    ResultsDest: destination.describe('where the standard output is published, or ERROR'),
    StateDest: destination
      .optional()
      .describe('where a command is published that was carried out, as the state of what it switches'),
    ArgsAfter: words
      .optional()
      .describe('stands before the words of a message; -- keeps them from being taken for options'),
    Timeout: seconds(0.1)
      .prefault('10')
      .describe(
        'seconds the program may take; then it ends, with all that it started, and the result is ERROR',
      ),
    MaxOutput: outputBytes.prefault('65536').describe('bytes of output that are published at most'),
    Parallel: parallelRuns
      .prefault('1')
      .describe('how many may run at a time; 16 more commands wait, and what comes then is refused'),
    Env: environmentNames
      .optional()
      .describe(
        'environment variables that the program gets beside PATH, HOME, LANG, TZ, USER, SHELL and TMPDIR, with commas between them; it gets no others',
      ),
  }),
  sources: ({ CommandSrc }) => [CommandSrc],
  acts: () => true,
  describes: ({ CommandSrc, ResultsDest, StateDest }) => ({
    topics: describeProgram({
      commandSrc: CommandSrc,
      resultsDest: ResultsDest,
      ...(StateDest !== undefined && { stateDest: StateDest }),
    }).topics,
  }),
  create: (texts, { log, secretVariables }) =>
    execActuator(
      {
        commandSrc: texts.CommandSrc,
        resultsDest: texts.ResultsDest,
        ...(texts.StateDest !== undefined && { stateDest: texts.StateDest }),
        command: texts.Command,
        ...(texts.ArgsAfter && { argsAfter: texts.ArgsAfter }),
        timeout: texts.Timeout,
        maxOutput: texts.MaxOutput,
        parallel: texts.Parallel,
        variables: handedOn(texts.Env, secretVariables),
      },
      log,
    ),
})
