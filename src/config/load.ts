import { isUtf8 } from 'node:buffer'
import { readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Reporter } from '../daemon.js'
import type { LoggingOptions } from '../logging/records.js'
import type { ClassTable, Made } from '../plugin/plugin.js'
import { fileFault, type Problem, sortProblems } from '../plugin/problems.js'
import { sectionPrefix } from '../plugin/section.js'
import type { BluetoothOptions } from '../radio/state.js'
import { buildReporter, type Lent, type Parts } from './buildReporter.js'
import {
  deliveryProblems,
  doubtfulValues,
  missingSections,
  openActuators,
  sharedCommandSources,
  sharedIdentities,
  unknownConnections,
  unknownParameters,
  unknownSections,
} from './checks.js'
import { classes as allClasses } from './classes.js'
import { type Component, type Examination, readComponent } from './components.js'
import { parseIni } from './ini.js'
import { resolveSection } from './sections.js'
import { bluetoothOptions, bluetoothSchema, loggingOptions, loggingSchema } from './settings.js'
import { readSettings } from './validate.js'

/** Where a configuration is, and what it may use. */
export interface Environment extends Lent {
  /** Path of the ini file; relative paths of `${file:…}` begin beside it. */
  readonly file: string
  /** What `${env:…}` may name: `process.env`. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** The classes there are, other ones in tests. @internal */
  readonly classes?: ClassTable
  /** Everybody on the machine can read the file: a password in it draws a warning. */
  readonly readableByOthers?: boolean
  /** Unknown parameters and sections are errors. */
  readonly strict?: boolean
}

/** A configuration that has been read. */
export interface Loaded {
  /** All of them, in the order of the lines. */
  readonly problems: readonly Problem[]
  /** How to log. */
  readonly logging: LoggingOptions
  /** How the radio is to listen. */
  readonly bluetooth: BluetoothOptions
  /** Absent when the problems have an error. */
  readonly reporter?: Reporter
  /** What the reporter is made of: a configuration read later goes on with it as far as it is the same. @internal */
  readonly parts?: Parts
  /** An embedded broker for the first connection that knows one. @internal */
  readonly broker?: Component<unknown>['broker']
  /** What `doctor` finds of each section that can be tried out. @internal */
  readonly examinations?: readonly Examination[]
}

/**
 * Reads a configuration: ini text, sections, options, reporter. Nothing starts, no socket, no scan, no timer; and
 * it never rejects, whatever the text. Of the classes only those that the text names are loaded. What is the same in
 * `previous` is the very same object in this reporter, and runs on when `daemon` passes from one to the other.
 *
 * @example
 * const { problems } = await load('[Sensor0]\nClass = heartbeat.heartbeat.Heartbeat\nPoll = often', {
 *   file: 'home.ini',
 *   env: process.env,
 *   radio: (options) => bluetoothRadio(console, options),
 *   getLogger: () => console,
 * })
 * problems.find(({ key }) => key === 'Poll')?.message
 * // → 'expected a number of seconds from 1 to 2147483, got "often"'
 */
export async function load(text: string, environment: Environment, previous?: Loaded): Promise<Loaded> {
  const { file, env, classes = allClasses, readableByOthers = false, strict = false } = environment
  const severity = strict ? 'error' : 'warning'
  const ini = parseIni(text)
  const defaults = ini.sections.find(({ name }) => name === 'DEFAULT') ?? {
    name: 'DEFAULT',
    line: 0,
    options: [],
  }
  const sources = { env, folder: dirname(file) }
  const sections = ini.sections.map((section) => resolveSection(section, defaults, sources))

  const read = <Kind extends keyof Made>(kind: Kind) =>
    Promise.all(
      sections
        .filter(({ name }) => name.startsWith(sectionPrefix[kind]))
        .map((section) => readComponent(kind, section, classes, sources.folder)),
    )
  const [connections, sensors, actuators] = await Promise.all([
    read('connections'),
    read('sensors'),
    read('actuators'),
  ])
  const logging = readSettings('Logging', loggingSchema, sections)
  const bluetooth = readSettings('Bluetooth', bluetoothSchema, sections)

  const parts = [...connections, ...sensors, ...actuators, logging, bluetooth]
  const problems = sortProblems([
    ...ini.problems,
    ...doubtfulValues(ini.sections, readableByOthers),
    ...unknownSections(ini.sections, severity),
    ...parts.flatMap((part) => part.problems),
    ...unknownParameters(parts, defaults, severity),
    ...sharedIdentities(connections),
    ...sharedCommandSources(actuators),
    ...openActuators(actuators),
    ...deliveryProblems(connections, [...sensors, ...actuators]),
    ...unknownConnections([...sensors, ...actuators], connections),
    ...missingSections(connections, [...sensors, ...actuators]),
  ])
  return {
    problems,
    logging: loggingOptions(logging.options),
    bluetooth: bluetoothOptions(bluetooth.options),
    broker: connections.find(({ broker }) => broker)?.broker,
    examinations: [...connections, ...sensors, ...actuators].flatMap(({ section, examine$ }) =>
      examine$ ? [{ section: section.name, findings$: examine$ }] : [],
    ),
    ...(problems.every((problem) => problem.severity !== 'error') && {
      ...buildReporter(
        { connections, sensors, actuators },
        environment,
        bluetoothOptions(bluetooth.options),
        previous?.parts,
      ),
    }),
  }
}

/** Reads a configuration from its file, see `load`. What the file itself lacks is a problem like any other. */
export async function loadFile(
  file: string,
  environment: Omit<Environment, 'file' | 'readableByOthers'>,
  previous?: Loaded,
): Promise<Loaded> {
  const { text, readableByOthers, problems } = readConfig(file)
  const loaded = await load(text ?? '', { ...environment, file, readableByOthers }, previous)
  if (text !== undefined) return loaded
  return { problems, logging: loaded.logging, bluetooth: loaded.bluetooth }
}

/** An ini file as it was found. */
interface ConfigFile {
  /** Absent when the problems say why it cannot be had. */
  readonly text?: string
  /** Whether everybody on the machine can read it. */
  readonly readableByOthers: boolean
  readonly problems: readonly Problem[]
}

/** Reads an ini file, which has to be UTF-8. Never throws. */
export function readConfig(path: string): ConfigFile {
  try {
    const bytes = readFileSync(path)
    const readableByOthers = (statSync(path).mode & 0o004) !== 0
    return isUtf8(bytes)
      ? { text: bytes.toString(), readableByOthers, problems: [] }
      : { readableByOthers, problems: notUtf8(bytes) }
  } catch (error) {
    const message = `cannot read the configuration: ${fileFault(error)}`
    return { readableByOthers: false, problems: [{ severity: 'error', line: 0, message }] }
  }
}

function notUtf8(bytes: Buffer): Problem[] {
  const lines = bytes.toString('latin1').split(/\r\n|\r|\n/)
  const message = 'expected UTF-8, got other bytes: save the file as UTF-8'
  return lines.flatMap((line, index) =>
    isUtf8(Buffer.from(line, 'latin1')) ? [] : { severity: 'error' as const, line: index + 1, message },
  )
}
