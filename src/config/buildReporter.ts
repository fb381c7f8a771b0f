import {
  BehaviorSubject,
  defer,
  EMPTY,
  endWith,
  filter,
  identity,
  ignoreElements,
  map,
  merge,
  type MonoTypeOperatorFunction,
  NEVER,
  type Observable,
  Subject,
  tap,
} from 'rxjs'
import type { Reporter } from '../daemon.js'
import type { Level } from '../logging/records.js'
import { type DescribedDevice, describeStatus, type Expected, redescribe } from '../description.js'
import {
  type Actuator,
  type Connection,
  type Delivery,
  isWithdrawal,
  type Logger,
  payload,
  type Reading,
} from '../model.js'
import { linkOrders } from '../operators/linkOrders.js'
import { routed } from '../operators/routed.js'
import { supervise } from '../operators/supervise.js'
import { wiredStatus } from '../operators/wiredStatus.js'
import { withdraw } from '../operators/withdraw.js'
import { boolean } from '../plugin/fields.js'
import type { GpioChip } from '../plugin/gpioChip.js'
import type { PluginContext, Wiring } from '../plugin/plugin.js'
import { type BluetoothOptions, type Radio, radioStateText, stateReadings } from '../radio/state.js'
import { wellFormed } from '../wellFormed.js'
import { type Component, type Components, deliverersOf, uses } from './components.js'
import { partNames, type Parts, recall } from './parts.js'
import { commandsOf, type LinkRule, routesBasis, routesOf } from './routes.js'
import { parameterOf } from './sections.js'
import { type ObeyedCommands, withoutRetained } from './retainedCommands.js'
import { isStillReported, statusesOf } from './stillReported.js'
import { type Named, radioName, surroundings, type Surroundings } from './whatGoesOn.js'

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
  { connections, sensors, actuators }: Components,
  { radio, getLogger, gpio, tell, announce, secretVariables, named }: All,
  bluetooth: BluetoothOptions,
  previous?: Parts,
): { readonly reporter: Reporter; readonly parts: Parts; readonly surroundings: Surroundings } {
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
    const wiring: Wiring = {
      commandSources: commandSources(component, actuators),
      spools: spoolFiles(component, connections, [...sensors, ...actuators]),
      expected: expectedOver(component, [...sensors, ...actuators]),
    }
    const others = connections.filter((other) => other !== component)
    const spoolsOfOthers = new Set(
      others.flatMap((other) => Object.values(spoolFiles(other, connections, [...sensors, ...actuators]))),
    )
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
          const commandSources = [...new Set(actuators.flatMap(({ sources = [] }) => sources))]
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
            const statuses = statusesOf(component, [...sensors, ...actuators])
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
        : !isStillReported(reading, partNames.get(source), [...sensors, ...actuators], connections),
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

/** Starts what fails again, and withdraws what it had said. */
const supervised =
  (log: Logger, destinations: readonly string[] = []): MonoTypeOperatorFunction<Reading> =>
  (readings$) =>
    defer(() => {
      const failed$ = new Subject<void>()
      return readings$.pipe(
        tap({ error: () => failed$.next() }),
        supervise(log),
        withdraw({ failed$, destinations }),
      )
    })

/** Where the actuators that use a connection wait for commands, each topic once. */
function commandSources(connection: Component<unknown>, actuators: readonly Component<unknown>[]): string[] {
  const using = actuators.filter((actuator) => uses(actuator, connection))
  const topics = using.flatMap(({ section, sources = [] }) =>
    section.routes
      ? section.routes.commands.flatMap(({ connection: name, source }) =>
          name === connection.name?.text ? [source] : [],
        )
      : sources,
  )
  return [...new Set(topics)]
}

/** What the sections that use a connection can say, and is shown. */
function expectedOver(connection: Component<unknown>, components: readonly Component<unknown>[]): Expected {
  const shown = components.filter(
    (component) => component.describes && uses(component, connection) && !component.own?.hidden,
  )
  // What goes along routes is announced with its first reading, where these lead.
  const led = shown.filter(({ section }) => section.routes)
  const direct = shown.filter(({ section }) => !section.routes)
  const topics = direct.flatMap(({ describes, own, wired, section }) => {
    const abouts = describes?.topics ?? []
    const statuses = [...statusesOf({ wired, section } as Component<unknown>, components)]
    const described = statuses.flatMap(([destination, status]) => {
      const device = abouts.find(({ topic }) => topic === destination)?.device
      return device && status !== undefined ? [describeStatus(device, status)] : []
    })
    return [...abouts, ...described].map(own ? redescribe(own) : identity)
  })
  const ledIdentities = led
    .flatMap(({ describes }) => describes?.topics ?? [])
    .map(({ device }) => device.identity)
  return {
    topics,
    identities: [...shown.flatMap(({ describes }) => describes?.identities ?? []), ...ledIdentities],
    strangers: shown.some(({ describes }) => describes?.strangers),
  }
}

/** The spools of a connection, by the path that sections give; each is a file of its own where several connections use that. */
function spoolFiles(
  connection: Component<unknown>,
  connections: readonly Component<unknown>[],
  others: readonly Component<unknown>[],
): Record<string, string> {
  const stated = [
    ...connections.map((by) => ({ path: by.delivery?.spool, by })),
    ...others.flatMap((other) =>
      deliverersOf(other, connections).map((by) => ({ path: other.delivery?.spool, by })),
    ),
  ]
  const name = encodeURIComponent(connection.name?.text ?? '')
  const files = stated
    .filter(({ by }) => by === connection)
    .flatMap(({ path }) => path ?? [])
    .map((path) => {
      const isShared = stated.some((other) => other.path === path && other.by !== connection)
      return [path, isShared ? `${path}.${name}` : path]
    })
  return Object.fromEntries(files) as Record<string, string>
}

function marked(
  delivery: Delivery | undefined,
  to: readonly string[] | undefined,
): MonoTypeOperatorFunction<Reading> {
  if (!to && !delivery) return identity
  const marks = { ...(to && { to }), ...(delivery && { delivery }) }
  // A spread costs ten times as much, and whoever reads the object pays again: V8 makes a dictionary of it.
  return map((reading: Reading) => Object.assign({}, reading, marks))
}

/** What a section says of its devices goes with their readings. */
const describedBy = (own: Partial<DescribedDevice>): MonoTypeOperatorFunction<Reading> => {
  const redescribed = redescribe(own)
  return map((reading) =>
    reading.about ? Object.assign({}, reading, { about: redescribed(reading.about) }) : reading,
  )
}

/**
 * Puts an actuator between the connections that its section names: commands come from these only, retained ones as far as it
 * obeys them, and results go to these only. What it says on a topic of its own commands is marked as an echo.
 */
function connectActuator(
  actuator: Actuator,
  log: Logger,
  component: Component<Actuator>,
  localNames: readonly string[],
  obeyed: ObeyedCommands,
  links: readonly Link[],
): Actuator {
  const { section, connections: names, delivery, sources = [], acts, local, own } = component
  const to = local ? localNames.filter((name) => names?.includes(name) ?? true) : names
  const ignore = boolean.safeParse(parameterOf(section, 'IgnoreRetained')?.text).data
  const addressed = { ...(to && { to }), ...(delivery && { delivery }) }
  const echo = { ...addressed, echo: true as const }
  return (commands$) => {
    let state: string | undefined
    const asked$ = commands$.pipe(
      section.routes
        ? commandsOf(section.routes)
        : filter(({ from }) => from === undefined || !names || names.includes(from)),
      withoutRetained(section.name, { ignore, sources, acts }, obeyed, log),
    )
    const ordered = links.map(({ rule, isUp$ }) =>
      isUp$.pipe(
        linkOrders(rule, () => state),
        map((payload) => ({ source: rule.own, payload })),
      ),
    )
    return actuator(links.length === 0 ? asked$ : merge(asked$, ...ordered)).pipe(
      links.length === 0 ? identity : tap((reading) => (state = payload(reading))),
      supervised(log),
      own ? describedBy(own) : identity,
      section.routes
        ? routed(routesOf(component, local && localNames))
        : map((reading) => ({ ...reading, ...(sources.includes(reading.destination) ? echo : addressed) })),
    )
  }
}

/** What is to happen when a connection is lost or found, and whether it is there. */
interface Link {
  readonly rule: LinkRule
  readonly isUp$: Observable<boolean>
}

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
