import type { Reading } from '../model.js'
import { type Component, deliverersOf } from './components.js'
import type { Parameter } from './sections.js'

/** Where the status of each destination of a wired sensor is published; nowhere, where a section uses that topic otherwise. */
export function statusesOf(
  { wired = [] }: Component<unknown>,
  components: readonly Component<unknown>[],
): ReadonlyMap<string, string | undefined> {
  if (wired.length === 0) return none
  const used = topicsOf(components)
  const statuses = wired.map((destination) => [destination, `${destination}/status`] as const)
  return new Map(
    statuses.map(([destination, status]) => [destination, used.has(status) ? undefined : status]),
  )
}

const none: ReadonlyMap<string, undefined> = new Map()

/** All that may be topics in the sections, looked for once: each of many sections asks. */
function topicsOf(components: readonly Component<unknown>[]): ReadonlySet<string> {
  const known = topics.get(components)
  if (known) return known
  const found = new Set(
    components.flatMap(({ section }) => [...section.parameters.values()].flatMap(topicsIn)),
  )
  topics.set(components, found)
  return found
}

const topics = new WeakMap<readonly Component<unknown>[], ReadonlySet<string>>()

const topicsIn = ({ text }: Parameter): string[] => text.split(',').map((topic) => topic.trim())

/** The parameters that say where something is reported. */
const destinationKey = /dest|commandsrc/i

/**
 * Whether what a section has reported before a reload is still reported after it, by the section of that name: below one of its
 * topics, over the same connections, and retained if it was.
 */
export function isStillReported(
  { destination, to, delivery }: Reading,
  name: string | undefined,
  components: readonly Component<unknown>[],
  connections: readonly Component<unknown>[],
): boolean {
  const heir = components.find(({ section }) => section.name === name)
  if (!heir) return false
  const { routes } = heir.section
  if (routes)
    return routes.readings.some(
      (route) =>
        route.destination === destination &&
        to?.includes(route.connection) &&
        (!delivery?.retain || (route.delivery?.retain ?? heir.delivery?.retain) === true),
    )
  const topics = [...heir.section.parameters.values()]
    .filter(({ key }) => destinationKey.test(key))
    .flatMap(topicsIn)
  const before = deliverersOf({ ...heir, connections: to }, connections)
  const after = deliverersOf(heir, connections)
  const isLikeBefore = (connection: Component<unknown>) =>
    after.includes(connection) &&
    (!delivery?.retain || (heir.delivery?.retain ?? connection.delivery?.retain) === true)
  return (
    topics.some((topic) => destination === topic || destination.startsWith(`${topic}/`)) &&
    before.every(isLikeBefore)
  )
}
