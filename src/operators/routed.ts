import { type MonoTypeOperatorFunction, Observable, takeWhile } from 'rxjs'
import type { DescribedDevice, Description } from '../description.js'
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
  /** What people call its device, where nobody else has named it. @default its destination */
  readonly name?: string | undefined
  /** What is said in place of these words. */
  readonly words?: Readonly<Record<string, string>> | undefined
  /** Where commands come in over that connection, by where they are expected. */
  readonly commands?: Readonly<Record<string, string>> | undefined
}

/** What goes where, by the destination of its own. */
export type Routes = ReadonlyMap<string, readonly Route[]>

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
export function routed(routes: Routes): MonoTypeOperatorFunction<Reading> {
  const marked = markedRoutes(routes)
  /** The routes by which what is forgotten was reported. */
  const forgotten = ({ forgets = [] }: Reading) => forgets.flatMap((own) => marked.get(own) ?? [])
  const along = (reading: Reading, route: Marked): Reading => {
    const { marks, device, words, to } = route
    const { value, forgets, about, device: own } = reading
    const led: Mutable = Object.assign({}, reading, marks)
    if (own !== undefined && device !== undefined) led.device = device
    // A device that has no topic of its own over that connection is none there.
    else if (own !== undefined) delete led.device
    if (about) led.about = route.describe(about)
    if (words) led.value = words[String(value)] ?? value
    if (forgets)
      led.forgets = forgotten(reading)
        .filter((other) => other.to[0] === to[0])
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

/** What something is where the routes of what it says lead, or of what it is told where it says nothing. */
export function describedAlong(routes: Routes): (about: Description) => Description[] {
  const marked = markedRoutes(routes)
  return (about) =>
    (marked.get(about.topic ?? about.commands?.topic ?? '') ?? none).map(({ describe }) => describe(about))
}

const none: readonly Marked[] = []

/** A route with what it puts on a reading, made once for all of them. */
interface Marked extends Route {
  readonly marks: Partial<Reading>
  /** What the topic is, described once for each description of its own. */
  readonly describe: (about: Description) => Description
}

function markedRoutes(routes: Routes): ReadonlyMap<string, readonly Marked[]> {
  const devices = new WeakMap<DescribedDevice, Map<string, DescribedDevice>>()
  return new Map([...routes].map(([own, along]) => [own, along.map((route) => withMarks(route, devices))]))
}

type Mutable = { -readonly [Key in keyof Reading]: Reading[Key] }

function withMarks(route: Route, devices: WeakMap<DescribedDevice, Map<string, DescribedDevice>>): Marked {
  const { destination, to, delivery, echo } = route
  const marks = { destination, to, ...(delivery && { delivery }), ...(echo && { echo }) }
  const known = new WeakMap<Description, Description>()
  const describe = (about: Description): Description => {
    const ready = known.get(about)
    if (ready) return ready
    const over = devices.get(about.device) ?? new Map<string, DescribedDevice>()
    const device = over.get(to[0]) ?? deviceAlong(about.device, route)
    devices.set(about.device, over.set(to[0], device))
    const described = Object.freeze(descriptionAlong(about, device, route))
    known.set(about, described)
    return described
  }
  return { ...route, marks, describe }
}

/** A device that nobody has named is called by its topic, and that is one of ours. */
const deviceAlong = (own: DescribedDevice, { device, destination, name }: Route): DescribedDevice =>
  Object.freeze({
    ...own,
    topic: device ?? destination,
    ...(own.name === own.topic && { name: name ?? destination }),
  })

function descriptionAlong(about: Description, device: DescribedDevice, route: Route): Description {
  const { commands: own, quantity, topic: said, ...rest } = about
  const commanded = own && route.commands?.[own.topic]
  const words = quantity.words?.map((word) => route.words?.[word] ?? word) as [string, string] | undefined
  return {
    ...rest,
    device,
    ...(said !== undefined && { topic: route.destination }),
    quantity: route.words && words ? Object.freeze({ ...quantity, words }) : quantity,
    ...(own && commanded !== undefined && { commands: { ...own, topic: commanded } }),
  }
}

const withdrawalAlong = ({ marks, device, destination }: Marked): Reading =>
  withdrawal({ destination, value: '', ...(device !== undefined && { device }), ...marks })
