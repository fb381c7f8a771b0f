import { useEffect, useRef, useState } from 'preact/hooks'
import { Copy } from './copy.js'
import { diagramText } from './diagramText.js'
import { type Device, type DeviceMarble, shownTopics, type Store } from './store.js'
import { plainly, timeText, valueText } from './words.js'

/** How much of the past a line shows, ms. */
const spans = { '15 s': 15_000, '1 min': 60_000, '5 min': 300_000 } as const
type Span = keyof typeof spans

/** Lines that are drawn at once; beyond that one looks for some. */
const lineLimit = 24

const radius = 22
const bead = 4

/** Each device is a line on which its readings arrive: what is new as a marble, what is the same again as a bead. */
export function MarbleLines({ store }: { readonly store: Store }) {
  const [span, setSpan] = useState<Span>('1 min')
  const [pausedAt, setPausedAt] = useState<number>()
  const [all, setAll] = useState(false)
  const [sought, setSought] = useState('')
  const [picked, setPicked] = useState<DeviceMarble>()
  const [copied, setCopied] = useState<{ readonly name: string; readonly text: string }>()
  const devices = [...store.state.devices.values()]
    .filter(({ name, topic }) => `${name} ${topic}`.toLowerCase().includes(sought.trim().toLowerCase()))
    .sort((a, b) => a.name.localeCompare(b.name))
  const shown = devices.slice(0, lineLimit)
  const copy = (device: Device) => {
    const now = pausedAt ?? store.now()
    const drawn = drawnTopics(device, all)
    const marbles = store.state.marbles.filter(
      ({ device: whose, topic, at }) =>
        whose === device.topic && drawn.has(topic) && at > now - spans[span] && at <= now,
    )
    setCopied({ name: device.name, text: diagramText(device.name, marbles) })
  }
  return (
    <section class="marbles">
      <div class="head">
        <h2>Marbles</h2>
        <div class="spans" role="group" aria-label="Span of the lines">
          {(Object.keys(spans) as Span[]).map((each) => (
            <button key={each} aria-pressed={each === span} onClick={() => setSpan(each)}>
              {each}
            </button>
          ))}
        </div>
        <button
          aria-pressed={pausedAt !== undefined}
          class="pause"
          onClick={() => setPausedAt(pausedAt === undefined ? store.now() : undefined)}
        >
          {pausedAt === undefined ? 'Pause' : 'Go on'}
        </button>
        <label class="check">
          <input
            type="checkbox"
            checked={all}
            onChange={({ currentTarget }) => setAll(currentTarget.checked)}
          />
          battery, signal, status
        </label>
        {devices.length + sought.length > lineLimit && (
          <input
            class="find"
            type="search"
            aria-label="Find a device"
            placeholder={`Find one of ${devices.length}`}
            onInput={({ currentTarget }) => setSought(currentTarget.value)}
          />
        )}
      </div>
      <p class="picked" role="status">
        {picked ? (
          <>
            <code>{plainly(picked.topic)}</code> <strong>{pickedText(store, picked)}</strong> at{' '}
            {timeText(picked.at)}
          </>
        ) : (
          'What is new is a marble, what is the same again a bead. Click on one for its topic and value.'
        )}
      </p>
      {shown.length === 0 && <p class="empty">No sensor has said anything yet.</p>}
      {shown.map((device) => (
        <Line
          key={device.topic}
          store={store}
          device={device}
          span={spans[span]}
          pausedAt={pausedAt}
          all={all}
          picked={picked}
          pick={setPicked}
          copy={copy}
        />
      ))}
      {copied && (
        <div class="copied card">
          <div class="head">
            <h3>{plainly(copied.name)} as a diagram</h3>
            <button class="plain" aria-label="Close the diagram" onClick={() => setCopied(undefined)}>
              ✕
            </button>
          </div>
          <textarea readOnly rows={16} aria-label="The text of the diagram" value={copied.text} />
          <Copy text={copied.text} label="Copy" />
        </div>
      )}
    </section>
  )
}

const pickedText = (store: Store, { device, topic, text }: DeviceMarble) => {
  const about = store.state.devices.get(device)?.topics.get(topic)
  return about ? valueText({ ...about, text }) : plainly(text)
}

/** Which topics are on a line: what is about the place, or all. */
function drawnTopics(device: Device, all: boolean): ReadonlySet<string> {
  const topics = shownTopics(device).filter(
    ({ diagnostic, name }) => all || (!diagnostic && name !== 'status'),
  )
  return new Set((topics.length > 0 ? topics : [...device.topics.values()]).map(({ topic }) => topic))
}

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

const svg = <Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string | number>>,
) => {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value))
  return element
}

function Line({ store, device, span, pausedAt, all, picked, pick, copy }: LineProps) {
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
      element.append(svg('circle', { r: isWhole ? radius : bead, class: `hue${hueOf(topic)}` }))
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
    [plainly(text), 7],
  ]
  return words.map(([word, y]) => {
    const letters = word.slice(0, 14)
    const size = Math.max(6, Math.min(12, Math.floor(38 / (Math.max(1, letters.length) * 0.55))))
    const element = svg('text', { y, class: `size${size}` })
    element.textContent = letters
    return element
  })
}

/** Equal topics have equal colours, of twelve. */
function hueOf(topic: string): number {
  const word = topic.slice(topic.lastIndexOf('/') + 1)
  const known = hues[word]
  if (known !== undefined) return known
  let hash = 0
  for (const letter of word) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 997
  return hash % 12
}

const hues: Readonly<Record<string, number>> = {
  temp_c: 0,
  temp_f: 0,
  co2: 2,
  battery: 3,
  status: 4,
  humi: 6,
  pressure_hpa: 8,
  rssi: 9,
}
