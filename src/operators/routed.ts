import { type MonoTypeOperatorFunction, Observable, takeWhile } from 'rxjs'
import { type Delivery, isWithdrawal, type Reading, withdrawal } from '../model.js'

/** Where a reading goes over one connection, and how. */
export interface Route {
  readonly destination: string
  /** The connection, by its name. */
  readonly to: readonly [string]
  readonly delivery?: Delivery | undefined
  /** Commands come in there, too. */
  readonly echo?: true | undefined
  /** What the destinations of its device have in common over that connection. */
  readonly device?: string | undefined
  /** What is said in place of these words. */
  readonly words?: Readonly<Record<string, string>> | undefined
}

/**
 * Leads each reading from its own destination along the routes of that: one reading for each, to that connection alone. What has no
 * route is dropped. What a reading forgets is forgotten where the routes of that lead, also when the reading itself has none.
 *
 * ![marble diagram](../../marbles/routed.svg)
 *
 * @example
 * const attic$ = of({ destination: 'attic', value: 21 })
 * attic$.pipe(routed(new Map([['attic', [{ destination: 'house/attic', to: ['MQTT'] }]]])))
 * // → { destination: 'house/attic', to: ['MQTT'], value: 21 }
 */
export function routed(routes: ReadonlyMap<string, readonly Route[]>): MonoTypeOperatorFunction<Reading> {
  const marked = new Map([...routes].map(([own, along]) => [own, along.map(withMarks)]))
  /** The routes by which what is forgotten was reported. */
  const forgotten = ({ forgets = [] }: Reading) => forgets.flatMap((own) => marked.get(own) ?? [])
  const along = (reading: Reading, { marks, device, words, to }: Marked): Reading => {
    const { value, forgets, device: own } = reading
    const led: Mutable = Object.assign({}, reading, marks)
    if (own !== undefined && device !== undefined) led.device = device
    // A device that has no topic of its own over that connection is none there.
    else if (own !== undefined) delete led.device
    if (words) led.value = words[String(value)] ?? value
    if (forgets)
      led.forgets = forgotten(reading)
        .filter((route) => route.to[0] === to[0])
        .map(({ destination }) => destination)
    return led
  }
  return (readings$) =>
    // In one level, since every reading of the section passes here.
    new Observable((subscriber) => {
      const passing$ = readings$.pipe(
        takeWhile((reading) => {
          const own = marked.get(reading.destination) ?? none
          for (const route of own) subscriber.next(along(reading, route))
          if (reading.forgets && !isWithdrawal(reading))
            for (const route of forgotten(reading))
              if (own.every(({ to }) => to[0] !== route.to[0])) subscriber.next(withdrawalAlong(route))
          return !subscriber.closed
        }),
      )
      return passing$.subscribe({
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      })
    })
}

const none: readonly Marked[] = []

/** A route with what it puts on a reading, made once for all of them. */
interface Marked extends Route {
  readonly marks: Partial<Reading>
}

type Mutable = { -readonly [Key in keyof Reading]: Reading[Key] }

function withMarks(route: Route): Marked {
  const { destination, to, delivery, echo } = route
  return { ...route, marks: { destination, to, ...(delivery && { delivery }), ...(echo && { echo }) } }
}

const withdrawalAlong = ({ marks, device, destination }: Marked): Reading =>
  withdrawal({ destination, value: '', ...(device !== undefined && { device }), ...marks })
