import { isUtf8 } from 'node:buffer'
import { dirname } from 'node:path'
import type { Observable } from 'rxjs'
import type { FormatPlugin } from '../ble/blePlugins.js'
import type { Format } from '../ble/formats/format.js'
import type { Keys } from '../ble/formats/formats.js'
import { mediumNamed, mopekaIn } from '../ble/formats/mopeka.js'
import { keyBytes } from '../ble/keys.js'
import type { Reporter } from '../daemon.js'
import { fileFault, type Problem, sortProblems } from '../fields/problems.js'
import type { LoggingOptions } from '../logging/records.js'
import type { Finding } from '../plugin/plugin.js'
import { addressDigits } from '../radio/advertisement.js'
import type { BluetoothOptions } from '../radio/state.js'
import { readSmallFile } from '../smallFile.js'
import { checkAnnouncements } from './announcements.js'
import { buildReporter, type Lent } from './buildReporter.js'
import { checkEnvironments, checkPlaces, checkText, checkTogether } from './checks.js'
import { classes as allClasses, type ClassTable } from './classes.js'
import { type Component, readComponents } from './components.js'
import { type IniSection, parseIni } from './ini.js'
import type { Parts } from './parts.js'
import type { SecretSources } from './secrets.js'
import { parameterOf, resolveSection, type Section } from './sections.js'
import { readBluetooth, readLogging } from './settings.js'
import type { Surroundings } from './whatGoesOn.js'

/** Where a configuration is, and what it may use. */
export interface Environment extends Lent {
  /** Path of the file, whose name says whether it is YAML; relative paths of `${file:…}` begin beside it. */
  readonly file: string
  /** What `${env:…}` may name: `process.env`. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** The classes there are, other ones in tests. @internal */
  readonly classes?: ClassTable
  /** Everybody on the machine can read the file: a password in it draws a warning. */
  readonly readableByOthers?: boolean
  /** Everybody on the machine can change the file: that draws a warning. */
  readonly writableByOthers?: boolean
  /** Unknown parameters and sections are errors. */
  readonly strict?: boolean
  /** The folders in which the service may write, where files elsewhere draw a warning. */
  readonly places?: readonly string[]
}

/** A configuration that has been read. */
export interface Loaded {
  /** All of them, in the order of the lines. */
  readonly problems: readonly Problem[]
  /** How to log. */
  readonly logging: LoggingOptions
  /** How the radio is to listen. */
  readonly bluetooth: BluetoothOptions
  /** What the sections call single devices, by the digits of their addresses: `DestinationX` of each `AddressX`. @internal */
  readonly names?: ReadonlyMap<string, string>
  /** The keys that the sections have for single devices: `KeyX` of each `AddressX`. @internal */
  readonly keys?: Keys
  /** The formats that its classes of one's own read, and Mopeka's where it says what tanks hold. @internal */
  readonly formats?: readonly Format[]
  /** Absent when the problems have an error. */
  readonly reporter?: Reporter
  /** What the reporter is made of: a configuration read later goes on with it as far as it is the same. @internal */
  readonly parts?: Parts
  /** What goes on in the reporter while it runs. @internal */
  readonly surroundings?: Surroundings
  /** An embedded broker for the first connection that knows one. @internal */
  readonly broker?: Component<unknown>['broker']
  /** What `doctor` finds of each section that can be tried out. @internal */
  readonly examinations?: readonly Examination[]
}

/**
 * Reads a configuration: ini or YAML text, sections, options, reporter. Nothing starts, no socket, no scan, no timer; and
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
  const { file, env, classes = allClasses, strict = false, places } = environment
  const unknown = strict ? 'error' : 'warning'
  const folder = dirname(file)
  // Who has an ini file does not wait for it.
  const stated = isYaml(file)
    ? await (await import('./yamlSections.js')).parseYaml(text, unknown)
    : await iniSections(text, unknown, { env, folder })
  const none: IniSection = { name: 'DEFAULT', line: 0, options: [] }
  const defaults = stated.sections.find(({ name }) => name === 'DEFAULT') ?? none
  const asked = new Set<string>()
  const sections = await Promise.all(
    stated.sections.map((section) =>
      // Its parameters are among those of sections with routes already.
      resolveSection(section, (section.exact ?? section.routes) ? none : defaults, { env, folder, asked }),
    ),
  )
  const secretVariables = [...asked].sort()
  const components = await readComponents(sections, classes, folder)
  const all = [...components.connections, ...components.sensors, ...components.actuators]
  const logging = await readLogging(sections)
  const bluetooth = await readBluetooth(sections)

  const problems = sortProblems([
    ...stated.problems,
    ...checkText(stated.sections, environment, unknown),
    ...[...all, logging, bluetooth].flatMap((part) => part.problems),
    // Of what could not be read at all nothing is missing.
    ...(stated.sections.length > 0 || stated.problems.length === 0
      ? [
          ...checkTogether(components, [logging, bluetooth], defaults, unknown),
          ...checkAnnouncements(components),
        ]
      : []),
    ...checkEnvironments(all, secretVariables),
    ...(places ? checkPlaces(sections, folder, places) : []),
  ])
  const media = eachDevice(sections, 'Medium', mediumNamed)
  const named = {
    names: eachDevice(sections, 'Destination', (text) => text),
    keys: eachDevice(sections, 'Key', keyBytes),
    formats: [
      ...components.sensors.flatMap(({ plugin }) => formatOf(plugin) ?? []),
      ...(media.size > 0 ? [mopekaIn(media)] : []),
    ],
  }
  return {
    problems,
    logging: logging.options,
    bluetooth: bluetooth.options,
    ...named,
    broker: components.connections.find(({ broker }) => broker)?.broker,
    examinations: all.flatMap(({ section, examine$ }) =>
      examine$ ? [{ section: section.name, findings$: examine$ }] : [],
    ),
    ...(problems.every(({ severity }) => severity !== 'error') &&
      buildReporter(
        components,
        { ...environment, secretVariables, named },
        bluetooth.options,
        previous?.parts,
      )),
  }
}

/** An ini file; few have routes. */
async function iniSections(text: string, unknown: Problem['severity'], sources: SecretSources) {
  const stated = parseIni(text)
  const mayHaveRoutes = stated.sections.some(({ options }) => options.some(({ key }) => key.includes('.')))
  return mayHaveRoutes ? (await import('./dottedRoutes.js')).withRoutes(stated, unknown, sources) : stated
}

/** Whether the name of a file is that of a YAML file. */
export const isYaml = (file: string) => /\.ya?ml$/i.test(file)

/** What a parameter with the number of an `AddressX` says, by the digits of the address. */
function eachDevice<Said>(
  sections: readonly Section[],
  parameter: string,
  read: (text: string) => Said | undefined,
): Map<string, Said> {
  const said = sections.flatMap((section) =>
    [...section.parameters.values()].flatMap(({ as, text }) => {
      const [, number] = /^address(\d+)$/i.exec(as) ?? []
      const value =
        number === undefined ? undefined : read(parameterOf(section, parameter + number)?.text ?? '')
      return value ? [[addressDigits(text), value] as const] : []
    }),
  )
  return new Map(said)
}

/** The format of a class that has one, whichever copy of the package its file has it from. */
function formatOf(plugin: unknown): Format | undefined {
  const { format } = (plugin ?? {}) as Partial<FormatPlugin>
  return typeof format?.decode === 'function' ? format : undefined
}

/** What a section of a configuration can find out about whether it could do its work. */
interface Examination {
  readonly section: string
  readonly findings$: Observable<Finding>
}

/** Reads a configuration from its file, see `load`. What the file itself lacks is a problem like any other. */
export async function loadFile(
  file: string,
  environment: Omit<Environment, 'file' | 'readableByOthers' | 'writableByOthers'>,
  previous?: Loaded,
): Promise<Loaded> {
  const read = await readConfig(file)
  if (!('problems' in read)) return load(read.text, { ...environment, ...read, file }, previous)
  const { logging, bluetooth } = await load('', { ...environment, file })
  return { problems: read.problems, logging, bluetooth }
}

/** The text of a file, which has to be UTF-8, or why it cannot be had. Never rejects. */
export async function readConfig(
  path: string,
): Promise<
  | (Pick<Environment, 'readableByOthers' | 'writableByOthers'> & { readonly text: string })
  | { readonly problems: readonly Problem[] }
> {
  try {
    const { bytes, readableByOthers, writableByOthers } = await readSmallFile(path)
    if (!isUtf8(bytes)) return { problems: notUtf8(bytes) }
    return { text: bytes.toString(), readableByOthers, writableByOthers }
  } catch (error) {
    const message = `cannot read the configuration: ${fileFault(error)}`
    return { problems: [{ severity: 'error', line: 0, message, cause: 'machine' }] }
  }
}

function notUtf8(bytes: Buffer): Problem[] {
  const lines = bytes.toString('latin1').split(/\r\n|\r|\n/)
  const message = 'expected UTF-8, got other bytes: save the file as UTF-8'
  return lines.flatMap((line, index) =>
    isUtf8(Buffer.from(line, 'latin1')) ? [] : { severity: 'error' as const, line: index + 1, message },
  )
}
