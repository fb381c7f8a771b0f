import { Component } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Points, Topic } from '../wire.js'
import { type Device, lastOf, shownTopics, statusOf, type Store } from './store.js'
import { ageText, labelOf, numberText, plainly } from './words.js'

/** A device that has said nothing for so long looks it, ms. */
const stale = 600_000

/** A card for each device, those that people have named first. */
export function Cards({ store }: { readonly store: Store }) {
  const [sought, setSought] = useState('')
  const { devices, commandSources, lines } = store.state
  const all = [...devices.values()].filter(({ topic }) => topic !== '').sort(byName)
  const seen = all.filter((device) => matches(device, sought))
  const stateless = commandSources.filter((source) => !isCommanded(all, source))
  const isEmpty = all.length === 0 && stateless.length === 0
  useEffect(() => {
    const fetchLines = async () => {
      const topics = [...store.state.devices.values()].flatMap((device) => primary(device)[0] ?? [])
      for (const points of await store.history(topics, 3_600_000)) lines.set(points.topic, points)
    }
    const fetching = () => void fetchLines().catch(() => undefined)
    fetching()
    const clock = setInterval(fetching, Math.max(5000, Math.min(60_000, store.state.step)))
    return () => clearInterval(clock)
  }, [all.length])
  if (isEmpty)
    return (
      <p class="empty">
        {store.state.link === 'connecting'
          ? 'Connecting …'
          : 'No sensor has said anything yet. This page shows it when one does.'}
      </p>
    )
  return (
    <>
      <h2 class="hidden">Devices</h2>
      {all.length > 12 && (
        <input
          class="find"
          type="search"
          aria-label="Find a device"
          placeholder={`Find one of ${all.length}`}
          onInput={({ currentTarget }) => setSought(currentTarget.value)}
        />
      )}
      <ul class="cards">
        {seen.map((device) => (
          <Card
            key={device.topic}
            store={store}
            device={device}
            version={device.version}
            line={lines.get(primary(device)[0]?.topic ?? '')}
            second={Math.floor(store.now() / 1000)}
          />
        ))}
        {stateless.map((source) => (
          <li key={source} class="card">
            <div class="head">
              <h3>{plainly(source)}</h3>
            </div>
            <div class="controls">
              {['ON', 'OFF', 'TOGGLE'].map((word) => (
                <CommandButton key={word} store={store} source={source} word={word} />
              ))}
            </div>
          </li>
        ))}
      </ul>
    </>
  )
}

const byName = (a: Device, b: Device) => a.name.localeCompare(b.name)

const matches = ({ name, topic, model = '', brand = '' }: Device, sought: string) =>
  [name, topic, model, brand].some((text) => text.toLowerCase().includes(sought.trim().toLowerCase()))

const isCommanded = (devices: readonly Device[], source: string) =>
  devices.some(({ topics }) => [...topics.values()].some(({ commands }) => commands?.topic === source))

/** What stands large on a card: the first two numbers that are about a place. */
export function primary(device: Device): Topic[] {
  return shownTopics(device)
    .filter(({ number, diagnostic, event, part }) => number && !diagnostic && !event && part === undefined)
    .slice(0, 2)
}

interface CardProps {
  readonly store: Store
  readonly device: Device
  readonly version: number
  readonly second: number
  readonly line: Points | undefined
}

class Card extends Component<CardProps> {
  override shouldComponentUpdate(next: CardProps) {
    const { version, second, device, line } = this.props
    return next.version !== version || next.second !== second || next.device !== device || next.line !== line
  }
  override render({ store, device, line }: CardProps) {
    const { name, brand, model, topic } = device
    const status = statusOf(device)
    const age = store.now() - lastOf(device)
    const isAway = status === 'OFFLINE'
    const large = primary(device)
    const battery = device.topics.get(`${topic}/battery`)
    const signal = device.topics.get(`${topic}/rssi`)
    const small = shownTopics(device).filter(
      (each) =>
        !large.includes(each) &&
        each !== battery &&
        each !== signal &&
        each.name !== 'status' &&
        !each.commands,
    )
    const switches = [...device.topics.values()].filter(({ commands }) => commands)
    return (
      <li class={`card ${isAway ? 'away' : ''} ${age > stale ? 'stale' : ''}`} data-device={topic}>
        <div class="head">
          <h3>
            <a href={`#/device/${encodeURIComponent(topic)}`}>{plainly(name)}</a>
          </h3>
          <span class="age">{isAway ? 'OFFLINE' : ageText(age)}</span>
        </div>
        {(brand ?? model) !== undefined && (
          <p class="model">{plainly([brand, model].filter(Boolean).join(' '))}</p>
        )}
        {large.length > 0 && (
          <dl class="large">
            {large.map((each) => (
              <div key={each.topic}>
                <dt>{labelOf(each)}</dt>
                <dd>
                  {each.text === undefined ? '–' : store.rounded(each.topic, each.text)}
                  {each.unit && <span class="unit">{` ${each.unit}`}</span>}
                </dd>
              </div>
            ))}
          </dl>
        )}
        {line && line.values.length > 1 && <Sparkline points={line} />}
        {small.length > 0 && (
          <dl class="small">
            {small.map((each) => (
              <div key={each.topic}>
                <dt>{labelOf(each)}</dt>
                <dd title={plainly(each.text ?? '')}>
                  {each.event && each.text !== undefined
                    ? `${plainly(each.text)}, ${ageText(store.now() - each.at)}`
                    : roundedText(store, each)}
                </dd>
              </div>
            ))}
          </dl>
        )}
        {switches.map((each) => (
          <Switch key={each.topic} store={store} topic={each} />
        ))}
        {(battery ?? signal) && (
          <p class="foot">
            {battery?.text !== undefined && <Battery percent={Number(battery.text)} />}
            {signal?.text !== undefined && <Signal dBm={Number(signal.text)} />}
          </p>
        )}
      </li>
    )
  }
}

const roundedText = (store: Store, { topic, text, number, unit }: Topic) =>
  number && text !== undefined
    ? `${store.rounded(topic, text)}${unit ? ` ${unit}` : ''}`
    : plainly(text ?? '–')

/** The last hour of a number, without scales: which way it goes. */
function Sparkline({ points: { times, values } }: { readonly points: Points }) {
  const [first = 0, last = 1] = [times[0], times.at(-1)]
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const x = (time: number) => ((time - first) / (last - first || 1)) * 200
  const y = (value: number) => (high === low ? 20 : 37 - ((value - low) / (high - low)) * 34)
  const path = times
    .map((time, at) => `${at === 0 ? 'M' : 'L'}${x(time).toFixed(1)} ${y(values[at] ?? 0).toFixed(1)}`)
    .join('')
  return (
    <svg class="spark" viewBox="0 0 200 40" preserveAspectRatio="none" aria-hidden="true">
      <path class="under" d={`${path}L200 40L0 40Z`} />
      <path class="line" d={path} />
    </svg>
  )
}

function Battery({ percent }: { readonly percent: number }) {
  return (
    <span class={`battery ${percent <= 10 ? 'low' : ''}`}>
      <svg viewBox="0 0 24 12" width="24" height="12" aria-hidden="true">
        <rect x="0.75" y="0.75" width="19.5" height="10.5" rx="2.5" class="frame" />
        <rect
          x="2.5"
          y="2.5"
          width={Math.max(1, Math.min(100, percent) * 0.16)}
          height="7"
          rx="1"
          class="fill"
        />
        <rect x="21" y="4" width="2.2" height="4" rx="1" class="fill" />
      </svg>
      <span class="hidden">Battery</span> {numberText(String(percent))} %
    </span>
  )
}

/** How strongly it is heard, in four steps as `scan` has them. */
export function Signal({ dBm }: { readonly dBm: number }) {
  const bars = [-95, -80, -70, -60].filter((least) => dBm >= least).length
  return (
    <span class="signal">
      <svg viewBox="0 0 20 12" width="20" height="12" aria-hidden="true">
        {[0, 1, 2, 3].map((bar) => (
          <rect
            key={bar}
            x={bar * 5}
            y={9 - bar * 3}
            width="3.4"
            height={3 + bar * 3}
            rx="0.8"
            class={bar < bars ? 'fill' : 'faint'}
          />
        ))}
      </svg>
      <span class="hidden">Signal</span> {numberText(String(dBm))} dBm
    </span>
  )
}

/** A switch shows the state that came back, not the one that was asked for; what has no state is a button. */
export function Switch({ store, topic }: { readonly store: Store; readonly topic: Topic }) {
  const { commands, text } = topic
  const [asked, setAsked] = useState<string>()
  const [on, off] = commands?.words ?? []
  if (!commands || on === undefined) return null
  if (off === undefined) return <CommandButton store={store} source={commands.topic} word={on} />
  // A light says how bright it is, last.
  const isOn = text === on || (text !== off && /(^|,)[1-9]\d*$/.test(text ?? ''))
  const isWaiting = asked !== undefined && (asked === on) !== isOn
  const toggle = async () => {
    const word = isOn ? off : on
    setAsked(word)
    if (!(await store.command(commands.topic, word).catch(() => false))) setAsked(undefined)
  }
  return (
    <div class="switch">
      <span id={`switch-${topic.id}`}>{topic.name === 'switch' ? 'State' : labelOf(topic)}</span>
      <span class="word">{text === undefined ? 'unknown' : plainly(text)}</span>
      <button
        role="switch"
        aria-checked={isOn}
        aria-labelledby={`switch-${topic.id}`}
        class={isWaiting ? 'waiting' : ''}
        onClick={() => void toggle()}
      >
        <span />
      </button>
    </div>
  )
}

function CommandButton({
  store,
  source,
  word,
}: {
  readonly store: Store
  readonly source: string
  readonly word: string
}) {
  const [said, setSaid] = useState('')
  const press = async () => {
    const ok = await store.command(source, word).catch(() => false)
    setSaid(ok ? ' ✓' : ' failed')
    setTimeout(() => setSaid(''), 1500)
  }
  return (
    <button class="command" aria-label={`${word} to ${plainly(source)}`} onClick={() => void press()}>
      {word}
      <span role="status">{said}</span>
    </button>
  )
}
