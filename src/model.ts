import type { Observable, OperatorFunction } from 'rxjs'

/** What a sensor has to say: a value, and the path below the root topic where it belongs. */
export interface Reading {
  readonly destination: string
  readonly value: string | number | boolean
  /** Digits after the point that the sensor resolves: a value of 22 with 1 decimal is published as `22.0`. */
  readonly decimals?: number
  /** It happened just now, such as a button pressed: sent at once or not at all, and never repeated. */
  readonly event?: true
  /** A state that the broker keeps for whoever asks later, so a refresh does not repeat it. */
  readonly retain?: true
  /** Destinations whose latest reading is no longer true: nothing repeats or delivers it after this reading. */
  readonly forgets?: readonly string[]
  /** The state of an actuator, on a topic that commands it: a connection does not take it back for a command. */
  readonly echo?: true
  /** When it was observed, milliseconds since the epoch. */
  readonly at?: number
  /** Names of the connections it is addressed to; all of them when absent. */
  readonly to?: readonly string[]
}

/** What the outside asks of us: a payload, and the path below the root topic it arrived on. */
export interface Command {
  readonly source: string
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
