import { defer, isObservable, EMPTY, type Observable } from 'rxjs'
import * as z from 'zod'
import type { DescribedDevice, Expected } from '../description.js'
import { boolean, name, names, ownLevel, text } from '../fields/fields.js'
import { NotAvailable, type Problem, problemAt, thrownText } from '../fields/problems.js'
import type { Level } from '../logging/records.js'
import type { Command, Delivery, Logger } from '../model.js'
import { deliveryOf, deliverySchema } from '../plugin/deliveryFields.js'
import type { FileContents, Finding, Made, PluginContext, PluginOf } from '../plugin/plugin.js'
import { readSmallFile } from '../smallFile.js'
import type { ClassTable } from './classes.js'
import { findPlugin } from './findPlugin.js'
import { type Parameter, parameterOf, type Section, sectionPrefix } from './sections.js'
import { validate } from './validate.js'

/** Every component of a configuration, by kind. */
export type Components = { readonly [Kind in keyof Made]: readonly Component<Made[Kind]>[] }

/** A section that stands for something to make, read as far as it can be. */
export interface Component<Product> {
  readonly section: Section
  readonly problems: readonly Problem[]
  /** For connections: what `Connection` lists call it, if it says so. */
  readonly name: Parameter | undefined
  /** The names in its `Connection`; absent when it goes with all of them. */
  readonly connections: readonly string[] | undefined
  /** How its readings are to be delivered, if it says so and can be understood. */
  readonly delivery: Delivery | undefined
  /** The plug-in that makes it. */
  readonly plugin?: unknown
  /** The parameters it knows; absent when its class is unknown. */
  readonly known?: readonly string[]
  readonly level?: Level | undefined
  /** What no other connection may say too. */
  readonly identity?: string | undefined
  /** Where it takes commands from. */
  readonly sources?: readonly string[] | undefined
  /** The destinations, of a sensor on a wire, that have a status beside them. */
  readonly wired?: readonly string[] | undefined
  /** What it can say, without what its own section says of its devices. */
  readonly describes?: Partial<Expected> | undefined
  /** What its section says of its devices. */
  readonly own?: Partial<DescribedDevice> | undefined
  /** Where it announces a device, by its identity; nothing, where it announces none. */
  readonly announces?: ((identity: string) => string | undefined) | undefined
  /** Whether a command does something each time it is obeyed. */
  readonly acts?: ((command: Command) => boolean) | undefined
  /** It stays within the program. */
  readonly local?: true | undefined
  readonly adapts?: true | undefined
  /** The broker it could be served by, if it knows one. */
  readonly broker?: ((log: Logger) => Observable<unknown>) | undefined
  /** Whether it could do its work, if it can be tried out. */
  readonly examine$?: Observable<Finding> | undefined
  /** What the files hold that it needs. */
  readonly files?: FileContents | undefined
  /** Makes it; absent when its own parameters have an error. */
  readonly create?: (context: PluginContext) => Product
}

/**
 * Finds out what sections stand for, loads it and has their parameters checked; makes nothing yet. Never rejects: whatever is
 * wrong with a class is a problem of its section. Relative paths of classes begin at `folder`.
 */
export async function readComponents(
  sections: readonly Section[],
  classes: ClassTable,
  folder: string,
): Promise<Components> {
  const read = <Kind extends keyof Made>(kind: Kind) =>
    Promise.all(
      sections
        .filter(({ name }) => name.startsWith(sectionPrefix[kind]))
        .map((section) => readComponent(kind, section, classes, folder)),
    )
  const [connections, sensors, actuators] = await Promise.all([
    read('connections'),
    read('sensors'),
    read('actuators'),
  ])
  return { connections, sensors, actuators }
}

async function readComponent<Kind extends keyof Made>(
  kind: Kind,
  section: Section,
  classes: ClassTable,
  folder: string,
): Promise<Component<Made[Kind]>> {
  const { options: common, problems } = await validate(section, commonOptions[kind])
  const component = {
    section,
    problems,
    name: connectionName(section),
    connections: section.routes
      ? section.routes.connections.map(({ name }) => name)
      : names.safeParse(parameterOf(section, 'Connection')?.text).data,
    delivery: deliveryOf((await validate(section, deliverySchema)).options ?? {}),
  }
  const stated = parameterOf(section, 'Class')
  // That it is missing, empty or cannot be had is among the common problems already.
  if (!stated?.text || stated.faults.length > 0) return component
  const faulty = (message: string, cause?: Problem['cause']) => ({
    ...component,
    problems: [...problems, problemAt(stated, 'error', message, cause)],
  })
  try {
    const { plugin, doubt } = await findPlugin(kind, stated, classes, folder)
    const doubts = doubt === undefined ? [] : [problemAt(stated, 'warning', doubt)]
    try {
      const own = await readParameters(kind, section, plugin)
      const found = [...problems, ...doubts, ...own.problems]
      return {
        ...component,
        ...own,
        problems: found,
        level: common?.Level ?? undefined,
        own: ownWords(section, 'describes' in own ? own.describes : undefined),
      }
    } catch (error) {
      return faulty(`the class failed while it read its parameters: ${thrownText(error)}`)
    }
  } catch (error) {
    return faulty((error as Error).message, error instanceof NotAvailable ? 'machine' : stated.cause)
  }
}

async function readParameters<Kind extends keyof Made>(kind: Kind, section: Section, plugin: PluginOf<Kind>) {
  const { options, problems } = await validate(section, plugin.options)
  const files = await contentsOf((options && plugin.files?.(options)) ?? [])
  return {
    problems,
    plugin,
    known: [commonOptions[kind], plugin.options].flatMap(({ shape }) => Object.keys(shape)),
    local: plugin.local,
    adapts: plugin.adapts,
    ...(options && {
      identity: plugin.identity?.(options),
      sources: plugin.sources?.(options),
      wired: plugin.wired?.(options),
      describes: plugin.describes?.(options),
      announces: plugin.announces && ((identity: string) => plugin.announces?.(options, identity)),
      acts: plugin.acts && ((command: Command) => plugin.acts?.(options, command) ?? false),
      files,
      broker: plugin.broker && ((log: Logger) => plugin.broker?.(options, log) ?? EMPTY),
      examine$: plugin.examine && defer(() => plugin.examine?.(options, files) ?? EMPTY),
      create: (context: PluginContext) =>
        createLate[kind](() => plugin.create(options, { ...context, files })),
    }),
  }
}

/** What files hold; that one cannot be read is said by whoever needs it. */
async function contentsOf(paths: readonly string[]): Promise<FileContents> {
  const contents: [path: string, content: Buffer][] = []
  for (const path of paths) {
    const file = await readSmallFile(path).catch(() => undefined)
    if (file) contents.push([path, file.bytes])
  }
  return Object.fromEntries(contents)
}

/** Makes a component, by kind, no earlier than it is subscribed to: a plug-in that fails to is supervised like one that fails later. */
const createLate: { readonly [Kind in keyof Made]: (create: () => Made[Kind]) => Made[Kind] } = {
  connections: (create) => (readings$) =>
    defer(() => made(create(), 'a connection (a function of readings)', isFunction)(readings$)),
  sensors: (create) => defer(() => made(create(), 'a sensor (an Observable)', isObservable)),
  actuators: (create) => (commands$) =>
    defer(() => made(create(), 'an actuator (a function of commands)', isFunction)(commands$)),
}

function connectionName(section: Section): Parameter | undefined {
  const name = parameterOf(section, 'Name')
  return name && name.faults.length === 0 && name.text !== '' ? name : undefined
}

/** Whether a sensor or an actuator goes with a connection. */
export const uses = ({ connections }: Component<unknown>, { name }: Component<unknown>): boolean =>
  connections?.includes(name?.text ?? '') ?? true

/** The connections, of those that deliver, which the readings of a section go to. */
export const deliverersOf = <Connection extends Component<unknown>>(
  component: Component<unknown>,
  connections: readonly Connection[],
): Connection[] =>
  connections.filter(
    (connection) => connection.known?.includes('Offline') && connection.name && uses(component, connection),
  )

const everywhere = {
  Class: text.describe('what the section makes'),
  Level: ownLevel
    .optional()
    .describe('how much it logs: DEBUG, INFO, WARNING or ERROR; else as in [Logging]'),
}

/** What is said of the devices of a section, for who finds them by themselves. */
const shown = {
  HomeAssistant: boolean
    .optional()
    .describe('NO: not shown in Home Assistant, where the connection says HomeAssistant = YES'),
  Name: text.optional().describe('for Home Assistant: the name of the device, where the section has one'),
  Area: text.optional().describe('for Home Assistant: the area where the device is'),
}

/** What a section says of its devices; absent where it says nothing. */
function ownWords(
  section: Section,
  describes: Partial<Expected> | undefined,
): Partial<DescribedDevice> | undefined {
  const [name, area] = ['Name', 'Area'].map((key) => parameterOf(section, key)?.text)
  const hidden = boolean.safeParse(parameterOf(section, 'HomeAssistant')?.text).data === false
  const own = {
    ...(name && isOne(describes) && { name }),
    ...(area && { area }),
    ...(hidden && { hidden: true as const }),
  }
  return Object.keys(own).length > 0 ? own : undefined
}

/** The devices of which something says what it has, or which it names. */
export const identitiesOf = (describes: Partial<Expected> = {}): ReadonlySet<string> =>
  new Set([...(describes.topics ?? []).map(({ device }) => device.identity), ...(describes.identities ?? [])])

/** Whether a section has one device; so it is taken, where it does not say. */
export const isOne = (describes: Partial<Expected> | undefined): boolean =>
  !describes?.strangers && identitiesOf(describes).size <= 1

const addressed = z.object({
  ...everywhere,
  Connection: names
    .optional()
    .describe('Name of the connection to use, or several with commas between them; else all of them'),
  ...shown,
  ...deliverySchema.shape,
})

/** The parameters that plug-ins understand without listing them, by kind. */
export const commonOptions: Readonly<Record<keyof Made, z.ZodObject<typeof everywhere>>> = {
  connections: z.object({
    ...everywhere,
    Name: name.describe('what Connection lists call it, unique in the file, such as MQTT'),
  }),
  sensors: addressed,
  actuators: addressed.extend({
    IgnoreRetained: boolean
      .optional()
      .describe(
        'YES: do not obey commands that the broker retained; NO: obey them, at every reconnect; without it each once, and none that presses a button, toggles, or runs a program',
      ),
  }),
}

const isFunction = (product: unknown) => typeof product === 'function'

/** What a plug-in has made, if it is that; else it fails with what it should have been. */
function made<Product>(product: Product, expected: string, isSound: (product: unknown) => boolean): Product {
  if (isSound(product)) return product
  throw new TypeError(`create must return ${expected}, got ${kindOf(product)}`)
}

function kindOf(product: unknown): string {
  if (product === undefined || product === null) return String(product)
  const kind = product instanceof Promise ? 'Promise' : typeof product
  return `${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`
}
