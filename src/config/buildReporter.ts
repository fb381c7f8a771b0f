import {
  BehaviorSubject,
  defer,
  EMPTY,
  endWith,
  filter,
  identity,
  ignoreElements,
  NEVER,
  type Observable,
  tap,
} from 'rxjs'
import type { Reporter } from '../daemon.js'
import type { Level } from '../logging/records.js'
import { type Actuator, type Connection, isWithdrawal, type Logger } from '../model.js'
import { routed } from '../operators/routed.js'
import { supervise } from '../operators/supervise.js'
import { wiredStatus } from '../operators/wiredStatus.js'
import type { GpioChip } from '../plugin/gpioChip.js'
import type { PluginContext, Wiring } from '../plugin/plugin.js'
import { type BluetoothOptions, type Radio, radioStateText, stateReadings } from '../radio/state.js'
import { wellFormed } from '../wellFormed.js'
import { type Component, type Components, uses } from './components.js'
import { connectActuator } from './connectActuator.js'
import { partNames, type Parts, recall } from './parts.js'
import type { ObeyedCommands } from './retainedCommands.js'
import { commandSourcesOf, routesBasis, routesOf } from './routes.js'
import { describedBy, marked, supervised } from './sectionReadings.js'
import { parameterOf } from './sections.js'
import { isStillReported, statusesOf } from './stillReported.js'
import { type Named, radioName, surroundings, type Surroundings } from './whatGoesOn.js'
import { spoolFiles, wiringOf } from './wiring.js'

/** What the program lends to everything a configuration makes. */
export interface Lent {
  /** The radio, or what plays its part, listening as a configuration says. */
  readonly radio: (options: BluetoothOptions) => Radio
  /** The logger of a section, at its own level if it has one; `openLogging` makes them. */
  readonly getLogger: (name: string, level?: Level) => Logger
  /** A GPIO chip to take the place of the machine's own. */
  readonly gpio?: GpioChip | undefined
  /** Is told how a section is doing. */
  readonly tell?: ((section: string, state: string, ok?: boolean) => void) | undefined
  /** Nothing but what Home Assistant would be told is wanted: no connection is made, and nothing runs that does not listen to the radio. */
  readonly announce?: ((topic: string, document: string) => void) | undefined
}

interface All extends Lent {
  /** Environment variables that the configuration reads. */
  readonly secretVariables: readonly string[]
  readonly named: Named
}

/**
 * Makes a reporter of components without errors, and what the next one needs to go on with what is the same: a section
 * is made anew when it, what it names, or a connection it uses has changed. A connection that adapts is told of new command sources
 * and spools while it runs. It asks for loggers no earlier than it is subscribed
 * to, so that their levels are those of the configuration that runs; and it ends when told to, not when its sensors have ended.
 */
export function buildReporter(
  components: Components,
  { radio, getLogger, gpio, tell, announce, secretVariables, named }: All,
  bluetooth: BluetoothOptions,
  previous?: Parts,
): { readonly reporter: Reporter; readonly parts: Parts; readonly surroundings: Surroundings } {
  const { connections, sensors, actuators } = components
  const reporting = [...sensors, ...actuators]
  const { part, parts } = recall(previous)
  const obeyed = part('commands that were obeyed', [], (): ObeyedCommands => new Map())
  const heard = part('the radio', [bluetooth], () => radio(bluetooth))
  const around = part('what goes on', [], surroundings)
  const lent: Omit<PluginContext, 'section' | 'log'> = {
    advertisements$: heard.advertisements$,
    ...(bluetooth.expire !== undefined && { expire: bluetooth.expire }),
    ...(gpio && { gpio }),
    ...(announce && { announce }),
    secretVariables,
  }
  const basis = (component: Component<unknown>) => ownBasis(component, secretVariables)
  const start = <Product>(component: Component<Product>, context: Partial<PluginContext> = {}) => {
    const { section, level, create } = component
    const log = getLogger(section.name, level)
    if (!create) throw new Error(`[${section.name}] cannot be used.`)
    return {
      log,
      product: create({
        section: section.name,
        log,
        tell: (state, ok = true) => {
          around.tell(section.name, { text: state, ok })
          tell?.(section.name, state, ok)
        },
        ...lent,
        ...context,
      }),
    }
  }

  const made = connections.map((component) => {
    const { section, adapts } = component
    const wiring = wiringOf(component, components)
    const others = connections.filter((other) => other !== component)
    const spoolsOfOthers = new Set(
      others.flatMap((other) => Object.values(spoolFiles(other, connections, reporting))),
    )
    const kept = part(`what ${section.name} keeps`, [component.plugin], (): { made?: unknown } => ({}))
    const wired = part(
      section.name,
      [basis(component), !adapts && wiring],
      (): Wired => {
        const wiring$ = new BehaviorSubject(wiring)
        const isUp$ = new BehaviorSubject(false)
        const connection: Connection = (readings$) =>
          defer(() => {
            const linked = { linked: (isUp: boolean) => isUp$.next(isUp) }
            const { log, product } = start(component, {
              ...around.shown,
              ...linked,
              tallied: (tally) => around.tallied(section.name, tally),
              keep: <Kept>(make: () => Kept) => (kept.made ??= make()) as Kept,
              ...(adapts ? { wiring$ } : wiring),
            })
            const ended$ = readings$.pipe(ignoreElements(), endWith('ended'))
            // Who does not know of withdrawals would take them for readings without a value.
            const known$ = isForeign(component)
              ? readings$.pipe(filter((reading) => !isWithdrawal(reading)))
              : readings$
            return product(known$).pipe(supervise(log, ended$))
          })
        return { connection, wiring$, isUp$, files: new Set(Object.values(wiring.spools)) }
      },
      // It has them open until it ends, and so does another one only then.
      ({ files }) => [...files].every((file) => !spoolsOfOthers.has(file)),
    )
    return { component, wiring, ...wired }
  })
  const all = made.map(({ connection }) => connection)
  const used = (component: Component<unknown>) =>
    made.filter((each) => uses(component, each.component)).map(({ connection }) => connection)
  // Where that is all of the connections nothing need be written on the readings.
  const recipients = (component: Component<unknown>) =>
    used(component).length < all.length ? component.connections : undefined
  const localNames = connections.flatMap(({ local, name }) => (local ? (name?.text ?? []) : []))

  const isWanted = ({ describes }: Component<unknown>) => !announce || describes?.identities !== undefined

  const reporter: Reporter = {
    // Without any connection there is still something to run, and to stop.
    connections: all.length > 0 ? all : [nowhere],
    sensors: [
      // These come before whatever needs it, once the connections run that have come.
      part('the wiring of what goes on', [Symbol()], () =>
        defer(() => {
          const commandSources = [...new Set(actuators.flatMap((actuator) => commandSourcesOf(actuator)))]
          around.rewire({ advertisements$: heard.advertisements$, named, parts, commandSources })
          return EMPTY
        }),
      ),
      ...made.map(({ component, wiring, wiring$, files }) =>
        // Anew at each reload, which may have come because a broker was mended.
        part(`the wiring of ${component.section.name}`, [Symbol()], () =>
          defer(() => {
            for (const file of Object.values(wiring.spools)) files.add(file)
            wiring$.next(wiring)
            return EMPTY
          }),
        ),
      ),
      ...sensors.filter(isWanted).map((component) => {
        const to = recipients(component)
        return part(component.section.name, [basis(component), heard, used(component), to], () =>
          defer(() => {
            const { log, product } = start(component)
            const statuses = statusesOf(component, reporting)
            return product.pipe(
              isForeign(component) ? wellFormed(log) : identity,
              supervised(log, component.wired),
              statuses.size > 0 ? wiredStatus(statuses) : identity,
              component.own ? describedBy(component.own) : identity,
              component.section.routes ? routed(routesOf(component)) : marked(component.delivery, to),
            )
          }),
        )
      }),
      ...(sensors.length > 0
        ? [
            part(radioStatePart, [heard, all], () =>
              stateReadings(
                heard.state$.pipe(
                  tap((state) => {
                    const ok = state.kind === 'listening' || state.kind === 'stopped'
                    around.tell(radioName, { text: radioStateText(state), ok })
                  }),
                ),
              ),
            ),
          ]
        : []),
      NEVER,
    ],
    actuators: actuators.filter(isWanted).map((component) =>
      part(
        component.section.name,
        [basis(component), localNames, used(component)],
        (): Actuator => (commands$) =>
          defer(() => {
            const { log, product } = start(component)
            const links = (component.section.routes?.links ?? []).flatMap((rule) =>
              made
                .filter((each) => each.component.name?.text === rule.connection)
                .map(({ isUp$ }) => ({ rule, isUp$ })),
            )
            return connectActuator(product, log, component, localNames, obeyed, links)(commands$)
          }),
      ),
    ),
    isGone: (reading, source) =>
      partNames.get(source) === radioStatePart
        ? !parts.has(radioStatePart)
        : !isStillReported(reading, partNames.get(source), reporting, connections),
    // Without actuators there are no loops, and nobody to tell.
    ...(actuators.length > 0 && { log: getLogger('sensor-reporter') }),
  }
  return { reporter, parts, surroundings: around.shown }
}

/** A connection that runs on while what it does for others changes. */
interface Wired {
  readonly connection: Connection
  readonly wiring$: BehaviorSubject<Wiring>
  /** Whether there is a link, as far as it tells. */
  readonly isUp$: Observable<boolean>
  /** Of the spools that it has been told of. */
  readonly files: Set<string>
}

const nowhere: Connection = ignoreElements()

const radioStatePart = 'the state of the radio'

/** Whether it is of a plug-in that did not come with the program. */
const isForeign = ({ section }: Component<unknown>) => parameterOf(section, 'Class')?.text.includes('#')

/** All that a component depends on as far as its own section goes: its class, its parameters and the files that they name. */
const ownBasis = (
  { section, plugin, level, known = [], files = {} }: Component<unknown>,
  secretVariables: readonly string[],
): readonly unknown[] => [
  plugin,
  level,
  [...section.parameters].map(([key, { text }]) => [key, text]),
  files,
  routesBasis(section.routes),
  // Only who starts programs hands variables on.
  known.includes('Env') && secretVariables,
]
