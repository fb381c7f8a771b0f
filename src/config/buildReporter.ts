import { readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import {
  defer,
  endWith,
  filter,
  identity,
  ignoreElements,
  map,
  type MonoTypeOperatorFunction,
  NEVER,
} from 'rxjs'
import type { Reporter } from '../daemon.js'
import type { Level } from '../logging/records.js'
import type { Actuator, Connection, Delivery, Logger, Reading } from '../model.js'
import { supervise } from '../operators/supervise.js'
import { boolean } from '../plugin/fields.js'
import type { GpioChip } from '../plugin/gpioChip.js'
import type { Made, PluginContext } from '../plugin/plugin.js'
import { quoteText } from '../plugin/problems.js'
import { type BluetoothOptions, type Radio, stateReadings } from '../radio/state.js'
import {
  commandSources,
  type Component,
  connectionName,
  connectionNames,
  sectionDelivery,
  spoolFiles,
} from './components.js'

/** What the program lends to everything a configuration makes. */
export interface Lent {
  /** The radio, or what plays its part, listening as a configuration says. */
  readonly radio: (options: BluetoothOptions) => Radio
  /** The logger of a section, at its own level if it has one; `openLogging` makes them. */
  readonly getLogger: (name: string, level?: Level) => Logger
  /** A GPIO chip to take the place of the machine's own. */
  readonly gpio?: GpioChip | undefined
}

/** Every component of a configuration, by kind. */
type Components = { readonly [Kind in keyof Made]: readonly Component<Made[Kind]>[] }

/** Without any connection there is still something to run, and to stop. */
const nowhere: Connection = ignoreElements()

/**
 * Makes a reporter of components without errors, and what the next one needs to go on with what is the same: a section
 * is made anew when it, what it names, or a connection it uses has changed. It asks for loggers no earlier than it is subscribed
 * to, so that their levels are those of the configuration that runs; and it ends when told to, not when its sensors have ended.
 */
export function buildReporter(
  { connections, sensors, actuators }: Components,
  { radio, getLogger, gpio }: Lent,
  bluetooth: BluetoothOptions,
  previous?: Parts,
): { readonly reporter: Reporter; readonly parts: Parts } {
  const { part, parts } = recall(previous)
  const heard = part('the radio', [bluetooth], () => radio(bluetooth))
  const lent: Omit<PluginContext, 'section' | 'log'> = {
    advertisements$: heard.advertisements$,
    ...(bluetooth.expire !== undefined && { expire: bluetooth.expire }),
    ...(gpio && { gpio }),
  }
  const start = <Product>(component: Component<Product>, context: Partial<PluginContext> = {}) => {
    const { section, level, create } = component
    const log = getLogger(section.name, level)
    const make = (): Product => {
      if (!create) throw new Error(`[${section.name}] cannot be used.`)
      return create({ section: section.name, log, ...lent, ...context })
    }
    return { log, make }
  }

  const made = connections.map((component): Connection => {
    const { section } = component
    const context = {
      commandSources: commandSources(section, actuators),
      spools: spoolFiles(section, connections, [...sensors, ...actuators]),
    }
    return part(
      section.name,
      [sectionBasis(component), context],
      () => (readings$) =>
        defer(() => {
          const { log, make } = start(component, context)
          const ended$ = readings$.pipe(ignoreElements(), endWith('ended'))
          return make()(readings$).pipe(supervise(log, ended$))
        }),
    )
  })
  const used = ({ section }: Component<unknown>) => {
    const names = connectionNames(section)
    return made.filter((_, index) => {
      const connection = connections[index]
      return !names || (connection && names.includes(connectionName(connection.section)?.text ?? ''))
    })
  }
  // Where that is all of the connections nothing need be written on the readings.
  const recipients = (component: Component<unknown>) =>
    used(component).length < made.length ? connectionNames(component.section) : undefined
  const localNames = connections.flatMap(({ section, local }) =>
    local ? (connectionName(section)?.text ?? []) : [],
  )
  const reporter: Reporter = {
    connections: made.length > 0 ? made : [nowhere],
    sensors: [
      ...sensors.map((component) =>
        part(
          component.section.name,
          [sectionBasis(component), heard, used(component), recipients(component)],
          () =>
            defer(() => {
              const { log, make } = start(component)
              const delivery = sectionDelivery(component.section)
              const foreign = component.section.parameters.get('class')?.text.includes('#')
              return make().pipe(
                foreign ? wellFormed(log) : identity,
                supervise(log),
                marked(recipients(component), delivery),
              )
            }),
        ),
      ),
      ...(sensors.length > 0
        ? [part('the state of the radio', [heard, made], () => stateReadings(heard.state$))]
        : []),
      NEVER,
    ],
    actuators: actuators.map((component) =>
      part(
        component.section.name,
        [sectionBasis(component), localNames, used(component)],
        () => (commands$) =>
          defer(() => {
            const { log, make } = start(component)
            return connectActuator(make(), log, component, localNames)(commands$)
          }),
      ),
    ),
    // Without actuators there are no loops, and nobody to tell.
    ...(actuators.length > 0 && { log: getLogger('sensor-reporter') }),
  }
  return { reporter, parts }
}

function marked(
  to: readonly string[] | undefined,
  delivery: Delivery | undefined,
): MonoTypeOperatorFunction<Reading> {
  const marks = { ...(to && { to }), ...(delivery && { delivery }) }
  // A spread costs ten times as much, and whoever reads the object pays again: V8 makes a dictionary of it.
  return to || delivery ? map((reading) => Object.assign({}, reading, marks)) : identity
}

/**
 * Puts an actuator between the connections that its section names: commands come from these only, retained ones unless
 * it ignores them, and results go to these only. What it says on a topic of its own commands is marked as an echo.
 */
function connectActuator(
  actuator: Actuator,
  log: Logger,
  { section, sources = [], local }: Component<Actuator>,
  localNames: readonly string[],
): Actuator {
  const names = connectionNames(section)
  const to = local ? localNames.filter((name) => names?.includes(name) ?? true) : names
  const ignoreRetained = boolean.safeParse(section.parameters.get('ignoreretained')?.text).data === true
  const delivery = sectionDelivery(section)
  const addressed = { ...(to && { to }), ...(delivery && { delivery }) }
  const echo = { ...addressed, echo: true as const }
  return (commands$) =>
    actuator(
      commands$.pipe(
        filter(({ from }) => from === undefined || !names || names.includes(from)),
        filter(({ retained }) => !retained || !ignoreRetained),
      ),
    ).pipe(
      supervise(log),
      map((reading) => ({ ...reading, ...(sources.includes(reading.destination) ? echo : addressed) })),
    )
}

/** What has been made for a configuration, by name, each with all that it depends on. */
export type Parts = ReadonlyMap<string, { readonly basis: readonly unknown[]; readonly product: unknown }>

/**
 * Makes the parts of a configuration. A part that depends on just the same as the one of that name before is that very
 * one, so that it runs on undisturbed over a reload.
 *
 * @example const { part, parts } = recall(previous); part('Sensor0', [texts], () => sensor(options))
 */
function recall(previous: Parts = new Map()) {
  const parts = new Map<string, { readonly basis: readonly unknown[]; readonly product: unknown }>()
  const part = <Product>(name: string, basis: readonly unknown[], make: () => Product): Product => {
    const old = previous.get(name)
    const current = old && isDeepStrictEqual(old.basis, basis) ? old : { basis, product: make() }
    parts.set(name, current)
    return current.product as Product
  }
  return { part, parts: parts as Parts }
}

/** All that a component depends on as far as its own section goes: its class, its parameters and the files that they name. */
const sectionBasis = ({ section, plugin, level, files = [] }: Component<unknown>): readonly unknown[] => [
  plugin,
  level,
  [...section.parameters].map(([key, { text }]) => [key, text]),
  files.map(content),
]

function content(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return undefined
  }
}

/**
 * Leaves out what is no reading, and says so once in the log: a plug-in of others may emit anything, and a connection
 * would fail over it, for all sensors.
 */
export function wellFormed(log: Logger): MonoTypeOperatorFunction<Reading> {
  let said = false
  return filter((reading: unknown) => {
    if (isReading(reading)) return true
    if (!said)
      log.error(
        `expected readings such as { destination: 'attic', value: 21.5 }, the value a text, a number or a boolean, got ${shown(reading)}: it is left out, and so are others like it`,
      )
    said = true
    return false
  }) as MonoTypeOperatorFunction<Reading>
}

function isReading(value: unknown): value is Reading {
  const reading = value as Partial<Reading> | null | undefined
  return (
    typeof reading?.destination === 'string' &&
    (typeof reading.value === 'string' ||
      typeof reading.value === 'boolean' ||
      Number.isFinite(reading.value))
  )
}

function shown(value: unknown): string {
  try {
    return value === undefined ? 'undefined' : quoteText(JSON.stringify(value))
  } catch {
    return `a value of type ${typeof value}`
  }
}
