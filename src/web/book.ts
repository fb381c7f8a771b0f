import {
  asyncScheduler,
  buffer,
  connect,
  map,
  type Observable,
  type OperatorFunction,
  share,
  Subject,
  throttleTime,
} from 'rxjs'
import type { Description } from '../description.js'
import { remember } from '../memory.js'
import { isWithdrawal, payload, type Reading } from '../model.js'
import type { History, Series } from './history.js'
import type { DeviceOnPage, Happened, News, Said, Topic } from './wire.js'

/** What pages show: the latest of every topic, and what happened lately. */
export interface Book {
  /** Writes a reading down. */
  readonly put: (reading: Reading) => void
  /** What stands in it, by topic. */
  readonly entries: ReadonlyMap<string, Entry>
  readonly topics: () => Topic[]
  readonly happened: readonly Happened[]
  /** How many readings were written down. */
  readonly count: () => number
  /** What is new, a tenth of a second together; nothing is made of it while nobody listens. */
  readonly news$: Observable<News>
}

/** What is known of a topic. */
export interface Entry {
  readonly id: number
  readonly topic: string
  about: Description | undefined
  device: DeviceOnPage
  /** What was said last; absent where nothing is true. */
  text: string | undefined
  /** Its number, where it is one. */
  value: number | undefined
  at: number
  isEvent: boolean
  /** What it said as numbers. */
  series: Series | undefined
  /** Pages know of it as it is. */
  isKnown: boolean
}

/** Enough for a house, and bounded. */
const topicLimit = 10_000
const eventLimit = 200
/** Letters of a text that pages get. */
const longestText = 1000

/** How long (ms) what is said waits for more, to go to pages together. */
const frame = 100

/** Opens a book of which nothing is written yet. */
export function openBook(history: History): Book {
  const entries = new Map<string, Entry>()
  const happened: Happened[] = []
  const changes$ = new Subject<Change>()
  let ids = 0
  let count = 0

  const entryOf = (reading: Reading): Entry => {
    const { destination: topic, about } = reading
    const known = entries.get(topic)
    if (known) {
      if (about && known.about !== about) {
        known.about = about
        known.device = about.device
        known.isKnown = false
      }
      return known
    }
    const entry: Entry = {
      id: (ids += 1),
      topic,
      about,
      device: about?.device ?? deviceOf(reading),
      text: undefined,
      value: undefined,
      at: 0,
      isEvent: reading.event === true,
      series: undefined,
      isKnown: false,
    }
    const dropped = remember(entries, topic, entry, topicLimit)
    if (dropped) forget(dropped)
    return entry
  }
  const forget = (entry: Entry) => {
    entry.text = undefined
    entry.value = undefined
    if (changes$.observed) changes$.next({ entry })
  }

  return {
    entries,
    happened,
    count: () => count,
    topics: () => [...entries.values()].map(onPage),
    put: (reading) => {
      for (const topic of reading.forgets ?? []) {
        const entry = entries.get(topic)
        if (entry) forget(entry)
      }
      if (isWithdrawal(reading)) return
      count += 1
      const entry = entryOf(reading)
      const { value } = reading
      const said = payload(reading)
      const text = said.length > longestText ? `${said.slice(0, longestText)}…` : said
      const now = asyncScheduler.now()
      // Who comes or goes is an event for people, too.
      const isEvent =
        reading.event ?? (reading.retain === true && entry.text !== undefined && entry.text !== text)
      entry.text = text
      entry.at = now
      if (isEvent) {
        happened.push([entry.topic, text, now])
        if (happened.length > eventLimit) happened.shift()
      }
      if (reading.event) entry.value = undefined
      else if (typeof value === 'number') {
        if (entry.value === undefined) entry.isKnown = false
        entry.value = value
        entry.series = history.put(entry.topic, entry.series, value, now)
      } else entry.value = undefined
      if (changes$.observed) changes$.next({ entry, text, at: now, ...(isEvent && { event: true }) })
    },
    news$: changes$.pipe(together(frame), map(newsOf), share()),
  }
}

/** Something that was said; without a text nothing is true any more. */
interface Change {
  readonly entry: Entry
  readonly text?: string
  readonly at?: number
  readonly event?: true
}

/**
 * What comes within `period` ms goes on together, none of it later than that: so much work for pages there is at most, however
 * much is said.
 *
 * ![marble diagram](../../marbles/together.svg)
 */
export const together = <T>(period: number): OperatorFunction<T, T[]> =>
  connect((said$) => said$.pipe(buffer(said$.pipe(throttleTime(period, asyncScheduler, late)))))

const late = { leading: false, trailing: true }

function newsOf(changes: readonly Change[]): News {
  const topics = new Set<Entry>()
  const said: Said[] = []
  const gone = new Set<number>()
  const happened: Happened[] = []
  for (const { entry, text, at = 0, event } of changes) {
    if (text === undefined) {
      gone.add(entry.id)
      continue
    }
    gone.delete(entry.id)
    if (!entry.isKnown) topics.add(entry)
    said.push([entry.id, text, at])
    if (event) happened.push([entry.topic, text, at])
  }
  const described = [...topics].map(onPage)
  for (const entry of topics) entry.isKnown = true
  return {
    now: asyncScheduler.now(),
    ...(described.length > 0 && { topics: described }),
    ...(said.length > 0 && { said }),
    ...(gone.size > 0 && { gone: [...gone] }),
    ...(happened.length > 0 && { happened }),
  }
}

function onPage({ id, topic, about, device, text, value, at, isEvent }: Entry): Topic {
  const { name = topic.slice(topic.lastIndexOf('/') + 1), part, commands } = about ?? {}
  const { unit, deviceClass: kind, diagnostic, again, words } = about?.quantity ?? {}
  return {
    id,
    topic,
    device,
    name,
    at,
    ...(part !== undefined && { part }),
    ...(unit && { unit }),
    ...(kind !== undefined && { kind }),
    ...(diagnostic && { diagnostic }),
    ...(again && { again }),
    ...(words && { words }),
    ...(commands && { commands }),
    ...(value !== undefined && { number: true as const }),
    ...(isEvent && { event: true as const }),
    ...(text !== undefined && { text }),
  }
}

/** Whose a reading is that nobody describes. */
function deviceOf({ destination, device }: Reading): DeviceOnPage {
  const end = destination.lastIndexOf('/')
  const topic = device ?? (end > 0 ? destination.slice(0, end) : destination)
  return { topic, name: topic }
}
