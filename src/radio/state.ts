import { distinctUntilChanged, map, type Observable } from 'rxjs'
import { describe, program } from '../description.js'
import { inCode, listInCode, optionsInCode } from '../fields/codeOptions.js'
import { field, integer, milliseconds } from '../fields/fields.js'
import type { Sensor } from '../model.js'
import type { Advertisement } from './advertisement.js'

/** What is heard, and how the radio is doing. */
export interface Radio {
  /** One scan for all subscribers; it runs while there are any. */
  readonly advertisements$: Observable<Advertisement>
  /** The state, the latest one at once. It emits nothing until somebody listens, and does not switch the radio on. */
  readonly state$: Observable<RadioState>
}

/** How a radio is doing. `off`: its adapter is there and can be switched on; `missing`: there is none to listen with. */
export type RadioState =
  | {
      /** Something was heard lately. */
      readonly kind: 'listening'
    }
  | {
      /** Nobody wants it to listen. */
      readonly kind: 'stopped'
    }
  | {
      /** It listens, and hears nothing. */
      readonly kind: 'deaf'
      /** When something was last heard, milliseconds since the epoch. */
      readonly since: number
      /** The remedies have had their time; a new process might do better. */
      readonly hopeless?: true
    }
  | {
      /** It cannot listen. */
      readonly kind: 'off' | 'missing'
      /** Why, and what to do, in words. */
      readonly reason: string
      /** There was an adapter, and it has not come back in time; a new process might find it. */
      readonly hopeless?: true
    }

/** How to listen. */
export interface BluetoothOptions {
  /** The adapters by their Linux names or addresses, `['hci0', '00:1a:7d:da:71:13']`; the first one there is when absent. */
  readonly adapters?: readonly string[]
  /** How long nobody may be heard before something is done about it, ms (90 000 when absent); 0 for ever. */
  readonly silence?: number
  /** How long it may be deaf, or its adapter gone, before its state is hopeless, ms (900 000 when absent); 0 for ever. */
  readonly restart?: number
  /** Weakest signal that is passed on, dBm; packets whose signal was not measured always are. */
  readonly minRssi?: number
  /** How long a device may be unheard before it counts as gone, ms; for ever when absent or 0. */
  readonly expire?: number
}

const adapterName = /^(hci\d{1,3}|([\da-f]{2}:){5}[\da-f]{2})$/

/** The names or addresses of adapters in small letters, or nothing where one is none, or comes twice. */
export function adaptersOf(names: readonly string[]): string[] | undefined {
  const adapters = names.map((name) => name.trim().toLowerCase())
  const isList =
    adapters.every((name) => adapterName.test(name)) && new Set(adapters).size === adapters.length
  return isList ? adapters : undefined
}

/** Weakest signal, dBm. */
export const weakestSignal = integer(-127, 20)

/** `BluetoothOptions` that are written in code. */
export const bluetoothInCode = optionsInCode({
  adapters: listInCode(
    inCode(field('an adapter such as hci0 or 00:1a:7d:da:71:13', (text) => adaptersOf([text])?.[0])),
  )
    .refine((names) => names.length > 0 && adaptersOf(names as string[]) !== undefined, {
      error: 'expected one adapter or several, each once',
      abort: true,
    })
    .optional(),
  silence: inCode(milliseconds(0)).optional(),
  restart: inCode(milliseconds(0)).optional(),
  minRssi: inCode(weakestSignal).optional(),
  expire: inCode(milliseconds(0)).optional(),
})

/** What one adapter says: what it hears, and how it is doing. */
export type Sign = Advertisement | RadioState

/** Tells what is heard from what the radio says of itself. */
export const isAdvertisement = (sign: Sign): sign is Advertisement => !('kind' in sign)

/** The state of several adapters together, by their names: that of the one that is best off, or of the one that went deaf last. */
export function overallState(states: ReadonlyMap<string | undefined, RadioState>): RadioState | undefined {
  const ranked = [...states].sort(
    ([, a], [, b]) => ranks.indexOf(a.kind) - ranks.indexOf(b.kind) || deafSince(b) - deafSince(a),
  )
  const best = ranked[0]?.[1]
  if (!best || !('reason' in best) || ranked.length < 2) return best
  // None of them listens: each of them is somebody's to mend.
  const reason = [...states]
    .map(([name, state]) => `${name}: ${'reason' in state ? state.reason : ''}`)
    .join(' ')
  const hopeless = best.kind === 'missing' && ranked.some(([, state]) => isHopeless(state))
  return { kind: best.kind, reason, ...(hopeless && { hopeless }) }
}

const deafSince = (state: RadioState) => (state.kind === 'deaf' ? state.since : 0)

const ranks: readonly RadioState['kind'][] = ['listening', 'deaf', 'off', 'missing', 'stopped']

/** Whether two states are one. */
export const sameState = (a: RadioState, b: RadioState): boolean =>
  radioStateText(a) === radioStateText(b) && isHopeless(a) === isHopeless(b)

/** Whether a new process might do better. */
export const isHopeless = (state: RadioState): boolean => 'hopeless' in state && state.hopeless

/** A state as it is published: `LISTENING`, `STOPPED`, `DEAF since 2026-01-31T06:30:00.000Z` or `NO ADAPTER: …`. */
export function radioStateText(state: RadioState): string {
  if (state.kind === 'listening') return 'LISTENING'
  if (state.kind === 'stopped') return 'STOPPED'
  if (state.kind === 'deaf') return `DEAF since ${new Date(state.since).toISOString()}`
  return `NO ADAPTER: ${state.reason}`
}

/** The state of the radio as readings for `bluetooth`, retained, one for each change. */
export const stateReadings = (state$: Observable<RadioState>): Sensor =>
  state$.pipe(
    map(radioStateText),
    distinctUntilChanged(),
    map((value) => ({ destination: 'bluetooth', value, retain: true as const, about: bluetoothText })),
  )

/** Of the program itself. */
const bluetoothText = describe(program, 'bluetooth', 'bluetooth', { text: true, diagnostic: true })
