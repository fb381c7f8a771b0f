import { useEffect, useRef, useState } from 'preact/hooks'
import { type Device, type DeviceMarble, shownTopics, type Store } from './store.js'
import { plainly } from './words.js'

const radius = 22
const bead = 4

interface LineProps {
  readonly store: Store
  readonly device: Device
  readonly span: number
  readonly pausedAt: number | undefined
  readonly all: boolean
  readonly picked: DeviceMarble | undefined
  readonly pick: (marble: DeviceMarble) => void
  readonly copy: (device: Device) => void
}

/** Which topics are on a line: what is about the place, or all. */
export function drawnTopics(device: Device, all: boolean): ReadonlySet<string> {
  const topics = shownTopics(device).filter(
    ({ diagnostic, name }) => all || (!diagnostic && name !== 'status'),
  )
  return new Set((topics.length > 0 ? topics : [...device.topics.values()]).map(({ topic }) => topic))
}

const svg = <Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string | number>>,
) => {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value))
  return element
}

/** A device as a line; its marbles move by themselves, a frame of the screen at a time. */
export function MarbleLine({ store, device, span, pausedAt, all, picked, pick, copy }: LineProps) {
  const frame = useRef<SVGSVGElement>(null)
  const moving = useRef<SVGGElement>(null)
  const paused = useRef(pausedAt)
  paused.current = pausedAt
  const [width, setWidth] = useState(0)
  const drawn = [...drawnTopics(device, all)]
  const lanes = Math.min(laneLimit, Math.max(1, drawn.length))
  const height = laneAt(lanes - 1) + radius + 7
  const key = drawn.join('\n')

  useEffect(() => {
    const element = frame.current
    if (!element) return
    const observer = new ResizeObserver(() => setWidth(element.clientWidth))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])

  useEffect(() => {
    const group = moving.current
    if (!group || width === 0) return
    const right = width - radius - 12
    const scale = right / span
    const start = store.now()
    const topics = key.split('\n')
    const line = lineOf(group, topics, scale, start, store.rounded)
    for (const marble of store.state.marbles) if (marble.device === device.topic) line.add(marble)
    const end = store.marbles((marble) => marble.device === device.topic && line.add(marble))
    const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches
    let asked = 0
    let drawnAt = 0
    const move = (time: number) => {
      asked = requestAnimationFrame(move)
      // A screen may have 144 Hz, and who asked for less motion gets a step a second.
      if (time - drawnAt < (isStill ? 1000 : 30)) return
      drawnAt = time
      const now = paused.current ?? store.now()
      group.setAttribute('transform', `translate(${(right - (now - start) * scale).toFixed(1)} 0)`)
      line.prune(now - span - 2 * (radius / scale), now)
    }
    move(performance.now())
    return () => {
      cancelAnimationFrame(asked)
      end()
      group.replaceChildren()
    }
  }, [width, span, key, device])

  /** The marbles are elements that this component does not draw, so it listens above them. */
  const pickAt = (target: EventTarget | null) => {
    const element = target instanceof Element ? target.closest('[data-at]') : null
    const found = element && find(store, device, element)
    if (found) pick(found)
  }
  const byKey = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const now = pausedAt ?? store.now()
    const own = store.state.marbles.filter(
      (marble) => marble.device === device.topic && drawn.includes(marble.topic) && marble.at > now - span,
    )
    const at = picked ? own.findIndex((marble) => marble === picked) : -1
    const next = own[at < 0 ? own.length - 1 : Math.max(0, Math.min(own.length - 1, at + step))]
    if (next) pick(next)
  }
  const middle = laneAt(0)
  const shaft = Math.max(0, width - 4)
  return (
    <div class="line" data-device={device.topic}>
      <div class="name">
        <strong>{plainly(device.name) || 'sensor-reporter'}</strong>
        <button class="plain" onClick={() => copy(device)}>
          copy as .txt
          <span class="hidden">{` of ${plainly(device.name)}`}</span>
        </button>
      </div>
      <svg
        ref={frame}
        height={height}
        role="application"
        tabindex={0}
        aria-label={`Readings of ${plainly(device.name)} as marbles; arrow keys go from one to the next`}
        onClick={({ target }) => pickAt(target)}
        onKeyDown={byKey}
      >
        <line class="shaft" x1="0" x2={shaft} y1={middle} y2={middle} />
        <polyline
          class="shaft"
          points={`${shaft - 9},${middle - 6} ${shaft},${middle} ${shaft - 9},${middle + 6}`}
        />
        {Array.from({ length: lanes - 1 }, (_, lane) => (
          <line key={lane} class="guide" x1="0" x2={shaft} y1={laneAt(lane + 1)} y2={laneAt(lane + 1)} />
        ))}
        <g ref={moving} />
      </svg>
    </div>
  )
}

const find = (store: Store, device: Device, element: Element) =>
  store.state.marbles.find(
    ({ device: whose, id, at }) =>
      whose === device.topic &&
      `${id}` === element.getAttribute('data-id') &&
      `${at}` === element.getAttribute('data-at'),
  )

/** What is drawn on a line: adds marbles, and takes out those that have left it. */
function lineOf(
  group: SVGGElement,
  topics: readonly string[],
  scale: number,
  start: number,
  round: Rounding,
) {
  const drawn: { readonly element: SVGGElement; readonly at: number }[] = []
  const lanes = new Map<string, { kept: number; bead: number }>()
  return {
    add: ({ topic, id, text, at, changed }: DeviceMarble) => {
      const place = topics.indexOf(topic)
      if (place < 0) return
      const x = (at - start) * scale
      const lane = lanes.get(topic) ?? { kept: -Infinity, bead: -Infinity }
      lanes.set(topic, lane)
      // A marble needs its place: where it has none it is a bead, too; and beads that would lie on each other are one.
      const isWhole = changed && x - lane.kept > 2 * radius + 2
      if (!isWhole && x - Math.max(lane.bead, lane.kept + radius) < 3 * bead) return
      const element = svg('g', {
        class: isWhole ? 'marble' : 'marble small',
        'data-topic': topic,
        'data-id': id,
        'data-at': at,
        transform: `translate(${x.toFixed(1)} ${laneAt(place)})`,
      })
      const circle = svg('circle', { r: isWhole ? radius : bead })
      circle.style.setProperty('--hue', `${hueOf(topic)}`)
      element.append(circle)
      const title = svg('title', {})
      title.textContent = `${plainly(topic)} ${plainly(text)}`
      element.append(title)
      if (isWhole) element.append(...wordsIn(topic, round(topic, text)))
      lane[isWhole ? 'kept' : 'bead'] = x
      drawn.push({ element, at })
      group.append(element)
    },
    prune: (from: number, until: number) => {
      const gone = drawn.findIndex(({ at }) => at >= from)
      for (const { element } of drawn.splice(0, gone < 0 ? drawn.length : gone)) element.remove()
      // What came during a pause is to the right of the arrow.
      for (let back = drawn.length - 1; back >= 0; back -= 1) {
        const one = drawn[back]
        const isLater = one !== undefined && one.at > until
        if (!isLater && !one?.element.classList.contains('later')) break
        one.element.classList.toggle('later', isLater)
      }
    },
  }
}

/** How a number of a topic is written on the page. */
type Rounding = (topic: string, text: string) => string

/** The middle of a lane: the first is the line itself, what comes at the same time stands below it. */
const laneAt = (place: number) => radius + 7 + Math.min(place, laneLimit - 1) * (2 * radius + 3)

const laneLimit = 3

/** As in the diagrams: the last part of the topic above the value, each as large as fits. */
function wordsIn(topic: string, text: string): SVGTextElement[] {
  const words: readonly (readonly [word: string, y: number])[] = [
    [topic.slice(topic.lastIndexOf('/') + 1), -7],
    [text, 7],
  ]
  return words.map(([word, y]) => {
    const letters = plainly(word).slice(0, 14)
    const size = Math.max(6, Math.min(12, Math.floor(38 / (Math.max(1, letters.length) * 0.55))))
    const element = svg('text', { y, 'font-size': size })
    element.textContent = letters
    return element
  })
}

/** Equal topics have equal colours, of twelve, in degrees. */
function hueOf(topic: string): number {
  const word = topic.slice(topic.lastIndexOf('/') + 1)
  let hash = 0
  for (const letter of word) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 997
  return hues.get(word) ?? 18 + 30 * (hash % 12)
}

const hues: ReadonlyMap<string, number> = new Map([
  ['temp_c', 18],
  ['temp_f', 18],
  ['co2', 78],
  ['battery', 108],
  ['status', 138],
  ['humi', 204],
  ['pressure_hpa', 258],
  ['rssi', 288],
])
