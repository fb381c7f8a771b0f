import type loglevel from 'loglevel'
import type { Observable, OperatorFunction } from 'rxjs'
import type { Description } from './description.js'

/** What becomes of readings taken while they cannot be sent: dropped, or kept as the latest, the last n of each destination, or all. */
export type OfflinePolicy =
  | 'none'
  | 'latest'
  | 'all'
  | {
      /** How many of each destination are kept. */
      readonly last: number
    }

/** How a connection is to deliver a reading; what is absent is as the connection says. */
export interface Delivery {
  /** MQTT's quality of service: 0 sent once, 1 sent until acknowledged, 2 arrives just once. */
  readonly qos?: 0 | 1 | 2
  /** The broker keeps it for whoever subscribes later. */
  readonly retain?: boolean
  /** What becomes of it while it cannot be sent. */
  readonly offline?: OfflinePolicy
  /** Path of the file in which what is kept survives a restart. */
  readonly spool?: string
}

/** What a sensor has to say: a value, and the path below the root topic where it belongs. */
export interface Reading {
  /** Path below the root topic of the connections: `attic/temp_c`. */
  readonly destination: string
  /** What is said there; in the unit that the destination tells. */
  readonly value: string | number | boolean
  /** Digits after the point that the sensor resolves: a value of 22 with 1 decimal is published as `22.0`. */
  readonly decimals?: number
  /** It happened just now, such as a button pressed: sent at once or not at all, and never repeated. */
  readonly event?: true
  /** A state that the broker keeps for whoever asks later, so a refresh does not repeat it. */
  readonly retain?: true
  /**
   * Destinations whose latest reading is no longer true: nothing repeats or delivers it after this reading, and what a broker
   * retains of it is cleared. A reading that forgets its own destination says nothing else; see `withdrawal`.
   */
  readonly forgets?: readonly string[]
  /** The state of an actuator, on a topic that commands it: a connection does not take it back for a command. */
  readonly echo?: true
  /**
   * What the destinations of its device have in common. All readings of one report come in one turn, so a connection can put
   * them together: what is derived from them in that turn and keeps `device` joins the JSON object of the device.
   */
  readonly device?: string
  /** When it was observed, milliseconds since the epoch. */
  readonly at?: number
  /** What its destination is: one frozen object for all readings of the destination, where their sensor describes them. */
  readonly about?: Description
  /** Names of the connections it is addressed to; all of them when absent. */
  readonly to?: readonly string[]
  /** How it is to be delivered, one frozen object for all readings of a section. */
  readonly delivery?: Delivery
}

/** What the outside asks of us: a payload, and the path below the root topic it arrived on. */
export interface Command {
  /** Path below the root topic that it arrived on: `attic/fan`. */
  readonly source: string
  /** Its text, as it was sent: `ON`. */
  readonly payload: string
  /** It was said before we came, and the broker kept it. */
  readonly retained?: true
  /** Name of the connection it came in on. */
  readonly from?: string
}

/** A source of readings. */
export type Sensor = Observable<Reading>

/** Readings go out, commands come in: the half of the circle that faces the network. */
export type Connection = OperatorFunction<Reading, Command>

/** Commands go in, results come out: the half of the circle that faces the devices. */
export type Actuator = OperatorFunction<Command, Reading>

/** The part of a loglevel logger that sensors, connections and `supervise` use. */
export type Logger = Pick<loglevel.Logger, 'debug' | 'info' | 'warn' | 'error'>

/**
 * Says of the destination of a reading that it has no value any more. Where it is retained, the broker is sent the empty text,
 * which clears it; elsewhere nothing is published. Everything but the value is as in the reading.
 *
 * @example
 * withdrawal({ destination: 'attic/probe1/temp_c', device: 'attic', value: 21.5, decimals: 2 })
 * // → { destination: 'attic/probe1/temp_c', device: 'attic', value: '', forgets: ['attic/probe1/temp_c'] }
 */
export const withdrawal = ({ destination, retain, echo, device, about, to, delivery }: Reading): Reading => ({
  destination,
  value: '',
  forgets: [destination],
  ...(retain && { retain }),
  ...(echo && { echo }),
  ...(device !== undefined && { device }),
  ...(about && { about }),
  ...(to && { to }),
  ...(delivery && { delivery }),
})

/**
 * Whether a reading only says that its destination has no value any more.
 *
 * @example
 * isWithdrawal({ destination: 'attic', value: '', forgets: ['attic'] })
 * // → true
 */
export const isWithdrawal = ({ forgets, destination }: Reading): boolean =>
  forgets !== undefined && forgets.includes(destination)

/** Enough for everything a house full of sensors says. */
const limit = 10_000

/** By decimals and value: sensors say the same numbers all day long. */
const texts: Map<number, string>[] = []

/** The text that is published for a reading; never `-0.0`: `payload({ destination, value: 22, decimals: 1 })` is `22.0`. */
export function payload({ value, decimals }: Reading): string {
  if (typeof value !== 'number' || decimals === undefined) return String(value)
  const known = (texts[decimals] ??= new Map())
  const text = known.get(value)
  if (text !== undefined) return text
  if (known.size >= limit) known.clear()
  const fixed = value.toFixed(decimals)
  const unsigned = Number(fixed) === 0 ? fixed.replace('-', '') : fixed
  known.set(value, unsigned)
  return unsigned
}
