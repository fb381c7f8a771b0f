import { defer, EMPTY, type Observable } from 'rxjs'
import * as z from 'zod'
import type { Level } from '../logging/records.js'
import type { Delivery, Logger } from '../model.js'
import { deliveryOf, deliverySchema } from '../plugin/deliveryFields.js'
import { boolean, level, name, names, text } from '../plugin/fields.js'
import type { ClassTable, Finding, Made, PluginContext, PluginOf } from '../plugin/plugin.js'
import { type Problem, problemAt, thrownText } from '../plugin/problems.js'
import type { Parameter, Section } from '../plugin/section.js'
import { createLate } from './classes.js'
import { findPlugin } from './findPlugin.js'
import { validate } from './validate.js'

/** Where the actuators that use a connection wait for commands, each topic once. */
export function commandSources(connection: Section, actuators: readonly Component<unknown>[]): string[] {
  const name = connectionName(connection)?.text ?? ''
  const using = actuators.filter(({ section }) => connectionNames(section)?.includes(name) ?? true)
  return [...new Set(using.flatMap(({ sources = [] }) => sources))]
}

/** A section that stands for something to make, read as far as it can be. */
export interface Component<Product> {
  readonly section: Section
  readonly problems: readonly Problem[]
  /** The plug-in that makes it. */
  readonly plugin?: unknown
  /** The parameters it knows; absent when its class is unknown. */
  readonly known?: readonly string[]
  readonly level?: Level | undefined
  /** What no other connection may say too. */
  readonly identity?: string | undefined
  /** Where it takes commands from. */
  readonly sources?: readonly string[] | undefined
  /** It stays within the program. */
  readonly local?: true | undefined
  /** The broker it could be served by, if it knows one. */
  readonly broker?: ((log: Logger) => Observable<unknown>) | undefined
  /** Whether it could do its work, if it can be tried out. */
  readonly examine$?: Observable<Finding> | undefined
  /** Files that it reads when it is made. */
  readonly files?: readonly string[] | undefined
  /** Makes it; absent when its own parameters have an error. */
  readonly create?: (context: PluginContext) => Product
}

/** A connection's `Name`, if it has one. */
export function connectionName({ parameters }: Section): Parameter | undefined {
  const name = parameters.get('name')
  return name && name.faults.length === 0 && name.text !== '' ? name : undefined
}

/** The connections that a section's `Connection` lists; `undefined` for all of them. */
export const connectionNames = ({ parameters }: Section): readonly string[] | undefined =>
  names.safeParse(parameters.get('connection')?.text).data

const everywhere = {
  Class: text.describe('what the section makes'),
  Level: level.optional().describe('how much it logs: DEBUG, INFO, WARNING or ERROR; else as in [Logging]'),
}

const addressed = z.object({
  ...everywhere,
  Connection: names
    .optional()
    .describe('Name of the connection to use, or several with commas between them; else all of them'),
  ...deliverySchema.shape,
})

/** The parameters that plug-ins understand without listing them, by kind. */
export const commonOptions: Readonly<Record<keyof Made, z.ZodObject<typeof everywhere>>> = {
  connections: z.object({
    ...everywhere,
    Name: name.describe('what Connection lists call it, unique in the file'),
  }),
  sensors: addressed,
  actuators: addressed.extend({
    IgnoreRetained: boolean
      .default(false)
      .describe('do not obey commands that the broker kept from before the program connected'),
  }),
}

/** The connections, of those that deliver, which the readings of a section go to. */
export function deliverersOf(
  section: Section,
  connections: readonly Component<unknown>[],
): Component<unknown>[] {
  const names = connectionNames(section)
  return connections.filter((connection) => {
    const name = connectionName(connection.section)?.text
    return connection.known?.includes('Offline') && name !== undefined && (names?.includes(name) ?? true)
  })
}

/** What a section of a configuration can find out about whether it could do its work. */
export interface Examination {
  readonly section: string
  readonly findings$: Observable<Finding>
}

/**
 * Finds out what a section stands for, loads it and has the parameters checked; makes nothing yet. Never rejects:
 * whatever is wrong with the class is a problem of its section.
 */
export async function readComponent<Kind extends keyof Made>(
  kind: Kind,
  section: Section,
  classes: ClassTable,
  folder: string,
): Promise<Component<Made[Kind]>> {
  const common = validate(section, commonOptions[kind])
  const stated = section.parameters.get('class')
  // That it is missing, empty or cannot be had is among the common problems already.
  if (!stated?.text || stated.faults.length > 0) return { section, problems: common.problems }
  const faulty = (message: string) => ({
    section,
    problems: [...common.problems, problemAt(stated, 'error', message)],
  })
  try {
    const plugin = await findPlugin(kind, stated, classes, folder)
    try {
      const read = readParameters(kind, section, plugin)
      return { ...read, problems: [...common.problems, ...read.problems], level: common.options?.Level }
    } catch (error) {
      return faulty(`the class failed while it read its parameters: ${thrownText(error)}`)
    }
  } catch (error) {
    return faulty((error as Error).message)
  }
}

function readParameters<Kind extends keyof Made>(
  kind: Kind,
  section: Section,
  plugin: PluginOf<Kind>,
): Component<Made[Kind]> {
  const { options, problems } = validate(section, plugin.options)
  return {
    section,
    problems,
    plugin,
    known: [commonOptions[kind], plugin.options].flatMap(({ shape }) => Object.keys(shape)),
    local: plugin.local,
    ...(options && {
      identity: plugin.identity?.(options),
      sources: plugin.sources?.(options),
      files: plugin.files?.(options),
      broker: plugin.broker && ((log) => plugin.broker?.(options, log) ?? EMPTY),
      examine$: plugin.examine && defer(() => plugin.examine?.(options) ?? EMPTY),
      create: (context) => createLate[kind](() => plugin.create(options, context)),
    }),
  }
}

/** How the readings of a section are to be delivered, if it says so and can be understood. */
export const sectionDelivery = (section: Section): Delivery | undefined =>
  deliveryOf(validate(section, deliverySchema).options ?? {})

/** The spools of a connection, by the path that sections give; each is a file of its own where several connections use that. */
export function spoolFiles(
  connection: Section,
  connections: readonly Component<unknown>[],
  others: readonly Component<unknown>[],
): Record<string, string> {
  const uses = [
    ...connections.map(({ section }) => ({ path: sectionDelivery(section)?.spool, by: section })),
    ...others.flatMap(({ section }) =>
      deliverersOf(section, connections).map((user) => ({
        path: sectionDelivery(section)?.spool,
        by: user.section,
      })),
    ),
  ]
  const name = encodeURIComponent(connectionName(connection)?.text ?? '')
  const files = uses
    .filter(({ by }) => by === connection)
    .flatMap(({ path }) => path ?? [])
    .map((path) => {
      const isShared = uses.some((use) => use.path === path && use.by !== connection)
      return [path, isShared ? `${path}.${name}` : path]
    })
  return Object.fromEntries(files) as Record<string, string>
}
