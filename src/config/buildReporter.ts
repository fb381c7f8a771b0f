import { defer, identity, ignoreElements, map, NEVER } from 'rxjs'
import type { MonoTypeOperatorFunction } from 'rxjs'
import type { BluetoothOptions } from '../bluetooth/bluetoothOptions.js'
import type { Radio } from '../bluetooth/radio.js'
import { stateReadings } from '../bluetooth/stateReadings.js'
import type { Reporter } from '../daemon.js'
import type { Level } from '../logging/level.js'
import type { GpioChip } from '../gpio/gpioChip.js'
import type { Logger } from '../logging/logger.js'
import type { Reading } from '../model.js'
import { supervise } from '../operators/supervise.js'
import { report } from '../report.js'
import type { Made } from './classTable.js'
import { commandSources } from './commandSources.js'
import type { Component } from './component.js'
import { connectActuator } from './connectActuator.js'
import { connectionName } from './connectionName.js'
import { connectionNames } from './connectionNames.js'
import type { PluginContext } from './plugin.js'

/** What the program lends to everything a configuration makes. */
export interface Lent {
  /** The radio, or what plays its part, listening as a configuration says. */
  readonly radio: (options: BluetoothOptions) => Radio
  readonly getLogger: (name: string, level?: Level) => Logger
  /** A GPIO chip to take the place of the machine's own. */
  readonly gpio?: GpioChip | undefined
}

/** Every component of a configuration, by kind. */
export type Components = { readonly [Kind in keyof Made]: readonly Component<Made[Kind]>[] }

/**
 * Makes a reporter of components without errors. It asks for loggers no earlier than it is subscribed to, so that
 * their levels are those of the configuration that runs; and it ends when told to, not when its sensors have ended.
 */
export const buildReporter =
  (
    { connections, sensors, actuators }: Components,
    { radio, getLogger, gpio }: Lent,
    bluetooth: BluetoothOptions,
  ): Reporter =>
  (stop$) =>
    defer(() => {
      const { advertisements$, state$ } = radio(bluetooth)
      const lent = {
        advertisements$,
        getLogger,
        ...(bluetooth.expire !== undefined && { expire: bluetooth.expire }),
        ...(gpio && { gpio }),
      }
      const localNames = connections.flatMap(({ section, local }) =>
        local ? (connectionName(section)?.text ?? []) : [],
      )
      return report({
        connections: [
          ...make(
            connections,
            lent,
            (connection, log) => (readings$) => connection(readings$).pipe(supervise(log, stop$)),
            ({ section }) => ({ commandSources: commandSources(section, actuators) }),
          ),
          // Without any connection there is still something to run, and to stop.
          ...(connections.length > 0 ? [] : [ignoreElements()]),
        ],
        sensors: [
          ...make(sensors, lent, (sensor, log, { section }) =>
            sensor.pipe(supervise(log), addressTo(connectionNames(section))),
          ),
          ...(sensors.length > 0 ? [stateReadings(state$)] : []),
          NEVER,
        ],
        actuators: make(actuators, lent, (actuator, log, component) =>
          connectActuator(actuator, log, component, localNames),
        ),
        stop$,
        // Without actuators there are no loops, and nobody to tell.
        ...(actuators.length > 0 && { log: getLogger('sensor-reporter') }),
      })
    })

function make<Product>(
  components: readonly Component<Product>[],
  {
    getLogger,
    ...lent
  }: Pick<PluginContext, 'advertisements$' | 'expire' | 'gpio'> & Pick<Lent, 'getLogger'>,
  connect: (product: Product, log: Logger, component: Component<Product>) => Product,
  context: (component: Component<Product>) => Partial<PluginContext> = () => ({}),
): Product[] {
  return components.flatMap((component) => {
    const { section, level, create } = component
    if (!create) return []
    const log = getLogger(section.name, level)
    const product = create({ section: section.name, log, ...lent, ...context(component) })
    return [connect(product, log, component)]
  })
}

const addressTo = (to: readonly string[] | undefined): MonoTypeOperatorFunction<Reading> =>
  to ? map((reading) => ({ ...reading, to })) : identity
