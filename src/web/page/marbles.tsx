import { useState } from 'preact/hooks'
import { Copy } from './copy.js'
import { diagramText } from './diagramText.js'
import { drawnTopics, MarbleLine } from './marbleLine.js'
import type { Device, DeviceMarble, Store } from './store.js'
import { plainly, timeText, valueText } from './words.js'

/** How much of the past a line shows, ms. */
const spans = { '15 s': 15_000, '1 min': 60_000, '5 min': 300_000 } as const
type Span = keyof typeof spans

/** Lines that are drawn at once; beyond that one looks for some. */
const lineLimit = 24

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
        <MarbleLine
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
