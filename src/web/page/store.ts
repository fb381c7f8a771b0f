import type { HeardDevice, States } from '../../plugin/surroundings.js'
import type { All, Happened, News, Points, Said, Topic } from '../wire.js'
import type { Marble } from './diagramText.js'
import { numberText, readsFahrenheit } from './words.js'

/** A device, or what stands for one, with all its topics. */
export interface Device {
  readonly topic: string
  name: string
  brand: string | undefined
  model: string | undefined
  address: string | undefined
  readonly topics: Map<string, Topic>
  /** Counts up at each change, so that nothing is drawn again that is the same. */
  version: number
}

/** A marble, and whose it is. */
export interface DeviceMarble extends Marble {
  readonly device: string
  readonly id: number
  /** It says something else than the one before on its topic. */
  readonly changed: boolean
}

/** How the page is doing with the program. */
export type LinkState = 'connecting' | 'open' | 'lost' | 'locked' | 'stopped'

/** What is remembered for lines of marbles. */
const marbleLimit = 6000
const marbleSpan = 330_000
const eventLimit = 200

/** A page that nobody looks at lets go after so long, ms. */
const hiddenPatience = 60_000
/** So long the program may say nothing, ms: it does at least every 15 s. */
const silence = 40_000

/** All that the page knows, from one stream of events; `changed` is called when there is more to draw. */
export function openStore(changed: () => void) {
  const topics = new Map<number, Topic>()
  const devices = new Map<string, Device>()
  const deviceOf = new Map<number, Device>()
  const state = {
    link: 'connecting' as LinkState,
    devices,
    happened: [] as Happened[],
    states: {} as States,
    commandSources: [] as readonly string[],
    hasPassword: false,
    step: 60_000,
    marbles: [] as DeviceMarble[],
    /** The clock of the program is ahead of that of the browser by so much, ms. */
    ahead: 0,
    /** The last points of the numbers on the cards. */
    lines: new Map<string, Points>(),
    version: 0,
  }
  /** Digits behind the point that topics have had: a value that happens to have less is not narrower. */
  const digits = new Map<string, number>()
  const learnDigits = ({ topic, unit = '' }: Topic, text: string) => {
    const most = unit === '%' || unit === 'hPa' || unit === '°F' ? 1 : 2
    const own = Math.min(most, /\.(\d+)$/.exec(text)?.[1]?.length ?? 0)
    if (own > (digits.get(topic) ?? -1)) digits.set(topic, own)
  }
  const now = () => Date.now() + state.ahead
  const onMarble = new Set<(marble: DeviceMarble) => void>()

  const learn = (topic: Topic) => {
    topics.set(topic.id, topic)
    const { device: about } = topic
    const before = deviceOf.get(topic.id)
    if (before && before.topic !== about.topic) {
      before.topics.delete(topic.topic)
      if (before.topics.size === 0) devices.delete(before.topic)
    }
    const device = devices.get(about.topic) ?? {
      topic: about.topic,
      name: about.name,
      brand: undefined,
      model: undefined,
      address: undefined,
      topics: new Map<string, Topic>(),
      version: 0,
    }
    device.name = about.name
    device.brand = about.brand ?? device.brand
    device.model = about.model ?? device.model
    device.address = about.address ?? device.address
    device.topics.set(topic.topic, topic)
    device.version += 1
    devices.set(about.topic, device)
    if (topic.number && topic.text !== undefined) learnDigits(topic, topic.text)
    deviceOf.set(topic.id, device)
  }
  const say = ([id, text, at]: Said) => {
    const topic = topics.get(id)
    const device = deviceOf.get(id)
    if (!topic || !device) return
    const marble = {
      device: device.topic,
      id,
      topic: topic.topic,
      text,
      at,
      changed: topic.text !== text || topic.event === true,
    }
    state.marbles.push(marble)
    const said = { ...topic, text, at }
    if (topic.number) learnDigits(topic, text)
    topics.set(id, said)
    device.topics.set(topic.topic, said)
    device.version += 1
    for (const each of onMarble) each(marble)
  }
  const apply = ({ now: theirs, topics: learned = [], said = [], gone = [], happened = [] }: News) => {
    state.ahead = theirs - Date.now()
    // What a topic has said before is what its marble is compared with.
    for (const topic of learned) {
      const text = topics.get(topic.id)?.text
      learn(text === undefined ? withoutText(topic) : { ...topic, text })
    }
    for (const each of said) say(each)
    for (const id of gone) {
      const topic = topics.get(id)
      const device = deviceOf.get(id)
      if (!topic || !device) continue
      const bare = withoutText(topic)
      topics.set(id, bare)
      device.topics.set(topic.topic, bare)
      device.version += 1
    }
    state.happened = [...happened].reverse().concat(state.happened).slice(0, eventLimit)
    const from = state.marbles.findIndex(({ at }) => at > now() - marbleSpan)
    const surplus = Math.max(from < 0 ? state.marbles.length : from, state.marbles.length - marbleLimit)
    if (surplus > 500) state.marbles.splice(0, surplus)
  }
  const begin = (all: All) => {
    topics.clear()
    digits.clear()
    devices.clear()
    deviceOf.clear()
    state.ahead = all.now - Date.now()
    for (const topic of all.topics) learn(topic)
    state.happened = [...all.happened].reverse()
    state.states = all.states
    state.commandSources = all.commandSources
    state.hasPassword = all.hasPassword
    state.step = all.step
    state.link = 'open'
  }
  const redraw = () => {
    state.version += 1
    changed()
  }
  const set = (link: LinkState) => {
    if (state.link === link) return
    state.link = link
    redraw()
  }

  let source: EventSource | undefined
  let heardAt = Date.now()
  let retry: ReturnType<typeof setTimeout> | undefined
  const close = () => {
    clearTimeout(retry)
    source?.close()
    source = undefined
  }
  const open = () => {
    close()
    heardAt = Date.now()
    const opened = new EventSource('events')
    source = opened
    const on = (name: string, take: (data: never) => void) =>
      opened.addEventListener(name, (event) => {
        heardAt = Date.now()
        take(JSON.parse((event as MessageEvent<string>).data) as never)
        redraw()
      })
    on('all', begin)
    on('news', apply)
    on('states', (states: States) => (state.states = states))
    on('sources', (sources: readonly string[]) => (state.commandSources = sources))
    on('alive', () => undefined)
    on('bye', () => (state.link = 'stopped'))
    opened.onerror = () => {
      if (state.link !== 'locked' && state.link !== 'stopped') set('lost')
      if (opened.readyState !== EventSource.CLOSED) return
      // The answer was no stream: the password is asked for, or it is not there.
      void fetch('history').then(
        ({ status }) => {
          if (status === 401) set('locked')
          else retry = setTimeout(open, 3000)
        },
        () => (retry = setTimeout(open, 3000)),
      )
    }
  }
  let hidden: ReturnType<typeof setTimeout> | undefined
  document.addEventListener('visibilitychange', () => {
    clearTimeout(hidden)
    if (document.visibilityState === 'hidden') hidden = setTimeout(close, hiddenPatience)
    else if (state.link !== 'locked' && (!source || Date.now() - heardAt > silence / 2)) open()
  })
  setInterval(() => {
    if (source && state.link === 'open' && Date.now() - heardAt > silence) {
      set('lost')
      open()
    }
  }, 5000)
  open()

  const post = (path: string, body: object) =>
    fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    })
  return {
    state,
    now,
    /** What a topic says, as cards and marbles have it: with at most two digits behind the point. */
    rounded: (topic: string, text: string): string => {
      const places = digits.get(topic)
      return places === undefined ? text : numberText(Number(text).toFixed(places))
    },
    /** Told of every marble; returns what ends that. */
    marbles: (take: (marble: DeviceMarble) => void) => {
      onMarble.add(take)
      return () => onMarble.delete(take)
    },
    command: async (topic: string, payload: string) => (await post('command', { source: topic, payload })).ok,
    /** Nothing when it was right, else how many seconds to wait; fails when the program is not there. */
    signIn: async (password: string): Promise<number | undefined> => {
      const response = await post('login', { password })
      if (response.ok) {
        state.link = 'connecting'
        open()
        return undefined
      }
      const { wait } = (await response.json()) as { wait: number }
      return wait
    },
    signOut: async () => {
      await post('logout', {})
      close()
      devices.clear()
      set('locked')
    },
    /** What topics have said in the last so many ms. */
    history: async (asked: readonly Topic[], span: number): Promise<readonly Points[]> => {
      if (asked.length === 0) return []
      const query = new URLSearchParams([...asked.map(({ id }) => ['id', `${id}`]), ['span', `${span}`]])
      const response = await fetch(`history?${query}`)
      return response.ok ? ((await response.json()) as Points[]) : []
    },
    heard: async (): Promise<readonly HeardDevice[]> => {
      const response = await fetch('heard')
      return response.ok ? ((await response.json()) as HeardDevice[]) : []
    },
  }
}

export type Store = ReturnType<typeof openStore>

function withoutText(topic: Topic): Topic {
  const bare = { ...topic }
  delete bare.text
  return bare
}

const fahrenheit = readsFahrenheit(navigator.language)

/** The topics of a device that people want to see: temperatures once, in the unit of the browser's country. */
export function shownTopics(device: Device): Topic[] {
  const all = [...device.topics.values()]
  const hasOther = all.some(({ again }) => again)
  return all.filter(({ again, kind, unit }) => {
    if (!hasOther || kind !== 'temperature') return !again
    return fahrenheit ? again === true || unit !== '°C' : !again
  })
}

/** ONLINE, OFFLINE, or that nothing is known of it. */
export const statusOf = (device: Device): string | undefined =>
  [...device.topics.values()].find(({ name }) => name === 'status')?.text

/** When a device last said something, ms since the epoch. */
export const lastOf = (device: Device): number => {
  let last = 0
  for (const { at, name } of device.topics.values())
    if (name !== 'status' || device.topics.size === 1) last = Math.max(last, at)
  return last
}
