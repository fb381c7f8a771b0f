import { dirname } from 'node:path'
import type { BluetoothOptions } from '../bluetooth/bluetoothOptions.js'
import type { Reporter } from '../daemon.js'
import type { LoggingOptions } from '../logging/loggingOptions.js'
import { bluetoothOptions } from './bluetoothOptions.js'
import { bluetoothSchema } from './bluetoothSchema.js'
import { buildReporter, type Lent } from './buildReporter.js'
import { classes as allClasses } from './classes.js'
import type { ClassTable, Made } from './classTable.js'
import type { Component } from './component.js'
import { deliveryProblems } from './deliveryProblems.js'
import { doubtfulValues } from './doubtfulValues.js'
import type { Examination } from './examination.js'
import { loggingOptions } from './loggingOptions.js'
import { loggingSchema } from './loggingSchema.js'
import { missingSections } from './missingSections.js'
import { openActuators } from './openActuators.js'
import { parseIni } from './parseIni.js'
import type { Problem } from './problem.js'
import type { Parts } from './recall.js'
import { readComponent } from './readComponent.js'
import { readSettings } from './readSettings.js'
import { resolveSection } from './resolveSection.js'
import { sectionPrefix } from './sectionPrefix.js'
import { sharedCommandSources } from './sharedCommandSources.js'
import { sharedIdentities } from './sharedIdentities.js'
import { sortProblems } from './sortProblems.js'
import { unknownConnections } from './unknownConnections.js'
import { unknownParameters } from './unknownParameters.js'
import { unknownSections } from './unknownSections.js'

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
