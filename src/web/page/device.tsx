import { useState } from 'preact/hooks'
import { primary, Switch } from './cards.js'
import { Graph } from './graph.js'
import { type Device, shownTopics, statusOf, type Store } from './store.js'
import { ageText, labelOf, plainly, valueText } from './words.js'

const spans = { hour: 3_600_000, day: 86_400_000 } as const
type Span = keyof typeof spans

/** All of one device: a graph of each number, and everything that it says. */
export function DeviceView({ store, device }: { readonly store: Store; readonly device: Device }) {
  const [span, setSpan] = useState<Span>('hour')
  const { name, brand, model, address, topic } = device
  const large = primary(device)
  const numbers = shownTopics(device).filter(({ number, event }) => number && !event)
  const ordered = [...large, ...numbers.filter((each) => !large.includes(each))]
  return (
    <article class="device">
      <p class="back">
        <a href="#/devices">← All devices</a>
      </p>
      <div class="head">
        <h2>{plainly(name)}</h2>
        <div class="spans" role="group" aria-label="Span of the graphs">
          {(Object.keys(spans) as Span[]).map((each) => (
            <button key={each} aria-pressed={each === span} onClick={() => setSpan(each)}>
              {each === 'hour' ? 'Last hour' : 'Last day'}
            </button>
          ))}
        </div>
      </div>
      <p class="model">
        {plainly([brand, model, address, statusOf(device)].filter(Boolean).join(' · ') || topic)}
      </p>
      {[...device.topics.values()]
        .filter(({ commands }) => commands)
        .map((each) => (
          <Switch key={each.topic} store={store} topic={each} />
        ))}
      <div class="graphs">
        {ordered.map((each) => (
          <Graph key={`${each.topic} ${span}`} store={store} topic={each} span={spans[span]} />
        ))}
      </div>
      <table>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Value</th>
            <th scope="col">Ago</th>
            <th scope="col">Topic</th>
          </tr>
        </thead>
        <tbody>
          {[...device.topics.values()].map((each) => (
            <tr key={each.topic}>
              <th scope="row">{labelOf(each)}</th>
              <td>{valueText(each)}</td>
              <td>{each.text === undefined ? '' : ageText(store.now() - each.at)}</td>
              <td>
                <code>{plainly(each.topic)}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </article>
  )
}
