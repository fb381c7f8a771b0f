import { BehaviorSubject, EMPTY, from, type Observable, switchMap } from 'rxjs'
import type { Format } from '../ble/formats/format.js'
import type { Keys } from '../ble/formats/formats.js'
import type { Metrics } from '../delivery/deliveries.js'
import type { HeardDevice, States } from '../plugin/surroundings.js'
import type { Advertisement } from '../radio/advertisement.js'
import type { Parts } from './parts.js'

/** What goes on in the program, for connections that show it to people. It outlives a reload. */
export interface Surroundings {
  /** How sections and the radio are doing, the newest at once. */
  readonly states$: Observable<States>
  /** What has become of readings, by section. */
  readonly tallies: () => Readonly<Record<string, Metrics>>
  /** What the radio hears; it listens, and what it hears is looked into, while somebody subscribes. */
  readonly heard$: Observable<readonly HeardDevice[]>
  /** All topics on which actuators wait for commands, the newest at once. */
  readonly commandSources$: Observable<readonly string[]>
}

/** What a configuration knows of devices: what the sections call them, their keys, and formats of its own. */
export interface Named {
  readonly names: ReadonlyMap<string, string>
  readonly keys: Keys
  readonly formats: readonly Format[]
}

/** Where all that comes from, as a configuration has it. */
interface Wires {
  readonly advertisements$: Observable<Advertisement>
  readonly named: Named
  /** What runs, by name. */
  readonly parts: Parts
  readonly commandSources: readonly string[]
}

/** What the radio is called among the sections. */
export const radioName = 'Bluetooth'

/** Makes what is shown, and those by which it is told. */
export function surroundings() {
  const states$ = new BehaviorSubject<States>({})
  const commandSources$ = new BehaviorSubject<readonly string[]>([])
  const wires$ = new BehaviorSubject<Wires | undefined>(undefined)
  const heard$ = wires$.pipe(
    switchMap((wires) =>
      wires
        ? // Late: hardly anybody looks.
          from(import('../ble/scannedDevices.js')).pipe(
            switchMap(({ heardDevices }) => wires.advertisements$.pipe(heardDevices(wires.named))),
          )
        : EMPTY,
    ),
  )
  const tallyOf = new Map<string, () => Metrics>()
  const tallies = () => Object.fromEntries([...tallyOf].map(([name, tally]) => [name, tally()]))
  const shown: Surroundings = { states$, tallies, heard$, commandSources$ }
  return {
    shown,
    /** How a section is doing. */
    tell: (name: string, state: States[string]) => {
      const { text, ok } = states$.value[name] ?? {}
      if (text !== state.text || ok !== state.ok) states$.next({ ...states$.value, [name]: state })
    },
    /** Where to ask what has become of the readings of a section. */
    tallied: (name: string, tally: () => Metrics) => void tallyOf.set(name, tally),
    /** A configuration runs: what is no longer there is forgotten. */
    rewire: (wires: Wires) => {
      const still = Object.entries(states$.value).filter(
        ([name]) => name === radioName || wires.parts.has(name),
      )
      states$.next(Object.fromEntries(still))
      for (const name of tallyOf.keys()) if (!wires.parts.has(name)) tallyOf.delete(name)
      commandSources$.next(wires.commandSources)
      wires$.next(wires)
    },
  }
}
