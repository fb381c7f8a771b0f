import { defer, endWith, identity, ignoreElements, map, NEVER } from 'rxjs'
import type { MonoTypeOperatorFunction } from 'rxjs'
import type { BluetoothOptions } from '../bluetooth/bluetoothOptions.js'
import type { Radio } from '../bluetooth/radio.js'
import { stateReadings } from '../bluetooth/stateReadings.js'
import type { Reporter } from '../daemon.js'
import type { GpioChip } from '../gpio/gpioChip.js'
import type { Level } from '../logging/level.js'
import type { Logger } from '../logging/logger.js'
import type { Connection, Delivery, Reading } from '../model.js'
import { supervise } from '../operators/supervise.js'
import type { Made } from './classTable.js'
import { commandSources } from './commandSources.js'
import type { Component } from './component.js'
import { connectActuator } from './connectActuator.js'
import { connectionName } from './connectionName.js'
import { connectionNames } from './connectionNames.js'
import type { PluginContext } from './plugin.js'
import { type Parts, recall } from './recall.js'
import { sectionBasis } from './sectionBasis.js'
import { sectionDelivery } from './sectionDelivery.js'
import { spoolFiles } from './spoolFiles.js'
import { wellFormed } from './wellFormed.js'

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
export type Components = { readonly [Kind in keyof Made]: readonly Component<Made[Kind]>[] }

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
