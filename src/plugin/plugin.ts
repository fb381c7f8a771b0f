import type { Observable } from 'rxjs'
import type { z } from 'zod'
import type { Metrics } from '../delivery/deliveries.js'
import type { Expected } from '../description.js'
import type { Actuator, Command, Connection, Logger, Sensor } from '../model.js'
import type { Advertisement } from '../radio/advertisement.js'
import type { GpioChip } from './gpioChip.js'
import type { HeardDevice, States } from './surroundings.js'

/** What the program lends to a plug-in: nothing here has started yet. */
export interface PluginContext {
  /** Name of the ini section, `Sensor0`. */
  readonly section: string
  /** Logs under the section's name at the section's `Level`. */
  readonly log: Logger
  /** The one radio scan that all sensors share. */
  readonly advertisements$: Observable<Advertisement>
  /** How long a device may be unheard before it counts as gone, ms; 0 or absent: for ever. */
  readonly expire?: number
  /** A GPIO chip to take the place of the machine's own. */
  readonly gpio?: GpioChip
  /** Is told in a few words how the section is doing, and whether that is well, at each change: `systemctl status` shows them. */
  readonly tell?: (state: string, ok?: boolean) => void
  /** For connections: nothing is to be published, but what it would tell Home Assistant is to be handed on. */
  readonly announce?: (topic: string, document: string) => void
  /** For connections: is told whether there is a link, at each change: actuators may do something then. */
  readonly linked?: (isUp: boolean) => void
  /** For connections: is given what can be asked at any time for what has become of readings. */
  readonly tallied?: (metrics: () => Metrics) => void
  /** For connections: what `make` makes is there again when a reload has the section made anew, as long as its class is the same. */
  readonly keep?: <Kept>(make: () => Kept) => Kept
  /** Environment variables that the configuration reads: programs that a plug-in starts are not to get them. */
  readonly secretVariables?: readonly string[]
  /** For connections: the topics on which the actuators that use it wait for commands. */
  readonly commandSources?: readonly string[]
  /** For connections: what the sections that use it can say. */
  readonly expected?: Expected
  /** For connections: the files of the spools that readings for them name. */
  readonly spools?: Readonly<Record<string, string>>
  /** For connections that adapt: these three, at once and whenever a reload has changed them. */
  readonly wiring$?: Observable<Wiring>
  /** For connections that people look at: how the other sections are doing, the newest at once. */
  readonly states$?: Observable<States>
  /** For the same: what has become of readings, by section. */
  readonly tallies?: () => Readonly<Record<string, Metrics>>
  /** For the same: what the radio hears; it is listened to, and looked into, while somebody subscribes. */
  readonly heard$?: Observable<readonly HeardDevice[]>
  /** What the files that `files` names held when the configuration was read, by path; those that could be read. */
  readonly files?: FileContents
}

/** What a connection is to do for others. */
export type Wiring = Required<Pick<PluginContext, 'commandSources' | 'spools' | 'expected'>>

/** What files hold, by path. */
export type FileContents = Readonly<Record<string, Buffer>>

/**
 * The ini adapter of a factory: a schema that turns the section's texts into options, and what to make of them.
 * The schema's keys are the parameters as users write them; a key ending in `X` (`AddressX`) collects the numbered
 * parameters `Address1`, `Address2` … into a record by number. Its descriptions are the reference documentation.
 * The schemas in `fields` say what they expected; what was got is added, unless it is secret.
 */
export interface Plugin<Shape extends z.ZodRawShape, Made> {
  /** One sentence for `sensor-reporter help`. */
  readonly summary: string
  /** The parameters, each with a description: `fields.object({ … })`. */
  readonly options: z.ZodObject<Shape>
  /** Makes it; nothing may start before it is subscribed to. */
  create(options: z.output<z.ZodObject<Shape>>, context: PluginContext): Made
  /** For connections: no two may say the same, it is what a broker tells its clients apart by. */
  identity?(options: z.output<z.ZodObject<Shape>>): string
  /** For connections: nothing that goes over them leaves the program. For actuators: they speak to no others. */
  readonly local?: true
  /** For connections: it follows `wiring$` while it runs. Without that it is made anew when its wiring has changed. */
  readonly adapts?: true
  /** For actuators: the topics, below the RootTopic of their connections, that they take commands from. */
  sources?(options: z.output<z.ZodObject<Shape>>): readonly string[]
  /**
   * For sensors on a wire: where it reports. Beside each of them `<destination>/status` says ONLINE, and OFFLINE while the sensor
   * fails, and then what an earlier run has left there is no longer true, either.
   */
  wired?(options: z.output<z.ZodObject<Shape>>): readonly string[]
  /**
   * For actuators: whether a command does something each time it is obeyed, as one that presses a button, in place of setting a
   * state. Where the broker retained it, it is then not obeyed, unless the section says `IgnoreRetained = NO`. @default never
   */
  acts?(options: z.output<z.ZodObject<Shape>>, command: Command): boolean
  /** What it can say and be told, before anything is said: who finds devices by themselves is told at the start. */
  describes?(options: z.output<z.ZodObject<Shape>>): Partial<Expected>
  /**
   * For connections that announce devices to who finds them by itself: where a device with an identity is announced, and the program
   * itself, whose identity is empty. What two devices have there has to differ. @default none are announced
   */
  announces?(options: z.output<z.ZodObject<Shape>>, identity: string): string | undefined
  /** For connections: an embedded broker that they could connect to; it runs while subscribed, and emits when it listens. */
  broker?(options: z.output<z.ZodObject<Shape>>, log: Logger): Observable<unknown>
  /** Small files that it needs: they are read with the configuration, and it is made anew when a reload finds one changed. */
  files?(options: z.output<z.ZodObject<Shape>>): readonly string[]
  /** Tries out, for `doctor`, whether it could do its work; disturbs nobody who does it already. */
  examine?(options: z.output<z.ZodObject<Shape>>, files: FileContents): Observable<Finding>
}

/** A plug-in that says what kind of component it makes, so that a section of another kind does not take it. */
export interface PluginOfKind<Kind, Shape extends z.ZodRawShape, Made> extends Plugin<Shape, Made> {
  /** What it makes. */
  readonly kind: Kind
}

/**
 * Makes the ini adapter of a sensor; `Class`, `Connection` and `Level` are understood without being listed.
 *
 * @example
 * const Counter = sensorPlugin({
 *   summary: 'Counts up.',
 *   options: fields.object({
 *     Poll: fields.seconds(1).describe('seconds between two numbers'),
 *     Destination: fields.destination.describe('where to publish them'),
 *   }),
 *   create: ({ Poll, Destination }) =>
 *     interval(Poll).pipe(map((value) => ({ destination: Destination, value }))),
 * })
 * Counter.options.parse({ Poll: '60', Destination: 'count' })
 * // → { Poll: 60_000, Destination: 'count' }
 */
export const sensorPlugin = <Shape extends z.ZodRawShape>(
  plugin: Plugin<Shape, Sensor>,
): PluginOfKind<'sensors', Shape, Sensor> => ({ ...plugin, kind: 'sensors' })

/**
 * Makes the ini adapter of a connection; `Class`, `Name` and `Level` are understood without being listed.
 *
 * @example
 * const Printer = connectionPlugin({
 *   summary: 'Writes readings to the log.',
 *   options: fields.object({ Prefix: fields.text.describe('what stands before each') }),
 *   create: ({ Prefix }, { log }) => (readings$) =>
 *     readings$.pipe(
 *       tap(({ destination, value }) => log.info(`${Prefix} ${destination} ${value}`)),
 *       ignoreElements(),
 *     ),
 * })
 * Printer.options.parse({ Prefix: 'heard' })
 * // → { Prefix: 'heard' }
 */
export const connectionPlugin = <Shape extends z.ZodRawShape>(
  plugin: Plugin<Shape, Connection>,
): PluginOfKind<'connections', Shape, Connection> => ({ ...plugin, kind: 'connections' })

/**
 * Makes the ini adapter of an actuator; `Class`, `Connection` and `Level` are understood without being listed.
 *
 * @example
 * const Echo = actuatorPlugin({
 *   summary: 'Says what it is told.',
 *   options: fields.object({
 *     CommandSrc: fields.destination.describe('where to listen'),
 *     ResultsDest: fields.destination.describe('where to say it'),
 *   }),
 *   sources: ({ CommandSrc }) => [CommandSrc],
 *   create: ({ CommandSrc, ResultsDest }) => (commands$) =>
 *     commands$.pipe(
 *       filter(({ source }) => source === CommandSrc),
 *       map(({ payload }) => ({ destination: ResultsDest, value: payload })),
 *     ),
 * })
 * Echo.options.parse({ CommandSrc: 'say', ResultsDest: 'said' })
 * // → { CommandSrc: 'say', ResultsDest: 'said' }
 */
export const actuatorPlugin = <Shape extends z.ZodRawShape>(
  plugin: Plugin<Shape, Actuator>,
): PluginOfKind<'actuators', Shape, Actuator> => ({ ...plugin, kind: 'actuators' })

/** One thing the doctor looked at: how it is and, where it is not well, the command that mends it. */
export interface Finding {
  /** Whether it is well. */
  readonly ok: boolean
  /** How it is, for people. */
  readonly text: string
}

/** The three kinds of components, and what a plug-in of each makes. */
export interface Made {
  readonly connections: Connection
  readonly sensors: Sensor
  readonly actuators: Actuator
}

/** A plug-in of one kind, whatever its parameters are. */
export type PluginOf<Kind extends keyof Made> = Plugin<z.ZodRawShape, Made[Kind]>
