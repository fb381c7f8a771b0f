import { useEffect, useState } from 'preact/hooks'
import type { HeardDevice } from '../../plugin/surroundings.js'
import { Signal } from './cards.js'
import { Copy } from './copy.js'
import type { Store } from './store.js'
import { ageText, plainly } from './words.js'

/** What the radio hears, those first that the configuration does not name; it is looked into while this is shown. */
export function Heard({ store }: { readonly store: Store }) {
  const [devices, setDevices] = useState<readonly HeardDevice[]>()
  useEffect(() => {
    const look = () => void store.heard().then(setDevices, () => undefined)
    look()
    const clock = setInterval(look, 2000)
    return () => clearInterval(clock)
  }, [])
  const reported = new Set(
    [...store.state.devices.values()].flatMap(({ address }) => address?.toLowerCase() ?? []),
  )
  const named = devices?.filter(({ configured }) => configured) ?? []
  const others = devices?.filter(({ configured }) => !configured) ?? []
  return (
    <>
      <h2>In range, and not configured</h2>
      {others.length === 0 && (
        <p class="empty">
          {devices === undefined || devices.length === 0
            ? 'Listening … A device that the radio hears stands here after its first packet.'
            : 'All that is heard has its name in the configuration.'}
        </p>
      )}
      <List devices={others} store={store} reported={reported} />
      {named.length > 0 && <h2>Configured</h2>}
      <List devices={named} store={store} reported={reported} />
    </>
  )
}

interface ListProps {
  readonly devices: readonly HeardDevice[]
  readonly store: Store
  readonly reported: ReadonlySet<string>
}

function List({ devices, store, reported }: ListProps) {
  return (
    <ul class="heard">
      {devices.map(({ address, name, brand, model, rssi, at, readings, advice, lines }) => (
        <li key={address} class="card">
          <div class="head">
            <h3>{plainly(name ?? address)}</h3>
            <span class="age">{ageText(store.now() - at)}</span>
          </div>
          <p class="model">
            {plainly([brand, model, name === undefined ? undefined : address].filter(Boolean).join(' · '))}
            {reported.has(address.toLowerCase()) && ' · reported'}
          </p>
          {readings.length > 0 && <p class="says">{plainly(readings.join(', '))}</p>}
          {advice.map((sentence) => (
            <p key={sentence} class="advice">
              {`It ${plainly(sentence)}.`}
            </p>
          ))}
          {rssi !== undefined && (
            <p class="foot">
              <Signal dBm={rssi} />
            </p>
          )}
          {lines.length > 0 && (
            <details>
              <summary>Lines for the configuration</summary>
              <pre>{lines.join('\n')}</pre>
              <Copy text={lines.join('\n')} label="Copy the lines" />
            </details>
          )}
        </li>
      ))}
    </ul>
  )
}
