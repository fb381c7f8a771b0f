import { defer, filter, identity, ignoreElements, map, NEVER } from 'rxjs'
import type { MonoTypeOperatorFunction, Observable } from 'rxjs'
import type { Advertisement } from '../bluetooth/advertisement.js'
import type { Reporter } from '../daemon.js'
import type { Level } from '../logging/level.js'
import type { Logger } from '../logging/logger.js'
import type { Command, Reading } from '../model.js'
import { supervise } from '../operators/supervise.js'
import { report } from '../report.js'
import type { Made } from './classTable.js'
import type { Component } from './component.js'
import { connectionNames } from './connectionNames.js'

/** What the program lends to everything a configuration makes. */
export interface Lent {
  readonly advertisements$: Observable<Advertisement>
  readonly getLogger: (name: string, level?: Level) => Logger
}

/** Every component of a configuration, by kind. */
export type Components = { readonly [Kind in keyof Made]: readonly Component<Made[Kind]>[] }

/**
 * Makes a reporter of components without errors. It asks for loggers no earlier than it is subscribed to, so that
 * their levels are those of the configuration that runs; and it ends when told to, not when its sensors have ended.
 */
export const buildReporter =
  ({ connections, sensors, actuators }: Components, lent: Lent): Reporter =>
  (stop$) =>
    defer(() =>
      report({
        connections: [
          ...make(
            connections,
            lent,
            (connection, log) => (readings$) => connection(readings$).pipe(supervise(log)),
          ),
          // Without any connection there is still something to run, and to stop.
          ...(connections.length > 0 ? [] : [ignoreElements()]),
        ],
        sensors: [
          ...make(sensors, lent, (sensor, log, names) => sensor.pipe(supervise(log), addressTo(names))),
          NEVER,
        ],
        actuators: make(
          actuators,
          lent,
          (actuator, log, names) => (commands$) =>
            actuator(commands$.pipe(receivedFrom(names))).pipe(supervise(log), addressTo(names)),
        ),
        stop$,
      }),
    )

type Names = readonly string[] | undefined

function make<Product>(
  components: readonly Component<Product>[],
  { advertisements$, getLogger }: Lent,
  connect: (product: Product, log: Logger, names: Names) => Product,
): Product[] {
  return components.flatMap(({ section, level, create }) => {
    if (!create) return []
    const log = getLogger(section.name, level)
    const product = create({ section: section.name, log, advertisements$ })
    return [connect(product, log, connectionNames(section))]
  })
}

const addressTo = (to: Names): MonoTypeOperatorFunction<Reading> =>
  to ? map((reading) => ({ ...reading, to })) : identity

const receivedFrom = (names: Names): MonoTypeOperatorFunction<Command> =>
  names ? filter(({ from }) => from === undefined || names.includes(from)) : identity
