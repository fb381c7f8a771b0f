import { render } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { Cards } from './cards.js'
import { DeviceView } from './device.js'
import { Happenings } from './happenings.js'
import { Heard } from './heard.js'
import { MarbleLines } from './marbles.js'
import { openStore, type Store } from './store.js'
import { plainly } from './words.js'

const views = { devices: 'Devices', marbles: 'Marbles', events: 'Events', heard: 'In range' } as const
type View = keyof typeof views

const place = () => location.hash.replace(/^#\/?/, '')

let draw: () => void = () => undefined
let drawing = 0
/** Once a frame of the screen at the most. */
const store = openStore(() => {
  if (drawing !== 0) return
  drawing = requestAnimationFrame(() => {
    drawing = 0
    draw()
  })
})

function Page() {
  const [, setVersion] = useState(0)
  const [at, setAt] = useState(place())
  useEffect(() => {
    draw = () => setVersion((version) => version + 1)
    const moved = () => setAt(place())
    addEventListener('hashchange', moved)
    // Ages grow by themselves.
    const clock = setInterval(draw, 1000)
    return () => {
      removeEventListener('hashchange', moved)
      clearInterval(clock)
    }
  }, [])
  const { link } = store.state
  if (link === 'locked') return <Login store={store} />
  const [, topic] = /^device\/(.*)$/.exec(at) ?? []
  const device = topic === undefined ? undefined : store.state.devices.get(decodeURIComponent(topic))
  const view = (at in views ? at : 'devices') as View
  return (
    <>
      <Header view={view} />
      <Alerts />
      <main>
        {device ? (
          <DeviceView store={store} device={device} />
        ) : view === 'marbles' ? (
          <MarbleLines store={store} />
        ) : view === 'events' ? (
          <Happenings store={store} />
        ) : view === 'heard' ? (
          <Heard store={store} />
        ) : (
          <Cards store={store} />
        )}
      </main>
    </>
  )
}

function Header({ view }: { readonly view: View }) {
  const { states, link, hasPassword, devices } = store.state
  const radio = devices.get('')?.topics.get('bluetooth')?.text
  const parts = Object.entries(states)
  return (
    <header>
      <h1>
        <img src="icon.svg" alt="" width="28" height="28" />
        sensor-reporter
      </h1>
      <nav aria-label="Views">
        {(Object.keys(views) as View[]).map((each) => (
          <a key={each} href={`#/${each}`} {...(each === view && { 'aria-current': 'page' as const })}>
            {views[each]}
          </a>
        ))}
      </nav>
      <ul class="chips" aria-label="State">
        <li class={`chip ${link === 'open' ? 'well' : 'ill'}`}>{linkWords[link]}</li>
        {radio !== undefined && !('Bluetooth' in states) && <li class="chip">{radio}</li>}
        {parts.map(([name, { text, ok }]) => (
          <li key={name} class={`chip ${ok ? 'well' : 'ill'}`} title={plainly(text)}>
            {chipText(name, plainly(text))}
          </li>
        ))}
        {hasPassword && (
          <li>
            <button class="plain" onClick={() => void store.signOut()}>
              Sign out
            </button>
          </li>
        )}
      </ul>
    </header>
  )
}

const linkWords = {
  connecting: 'connecting',
  open: 'live',
  lost: 'no answer',
  locked: 'locked',
  stopped: 'stopped',
}

/** What stands in a chip, which is short: the rest is below, where it matters. */
function chipText(name: string, text: string) {
  const [, broker] = /broker (\S+)/.exec(text) ?? []
  return broker === undefined ? `${name} ${text.split(' ')[0]?.toLowerCase() ?? ''}` : `MQTT ${broker}`
}

/** What is not well, in whole sentences. */
function Alerts() {
  const { link, states } = store.state
  const ill = Object.entries(states).filter(([, { ok }]) => !ok)
  return (
    <div role="status" class="alerts">
      {link === 'lost' && (
        <p>The program does not answer; what is shown is what it said last. Trying again …</p>
      )}
      {link === 'stopped' && <p>The program has stopped. This page goes on when it is started again.</p>}
      {link !== 'lost' && ill.map(([name, { text }]) => <p key={name}>{`${name}: ${plainly(text)}`}</p>)}
    </div>
  )
}

function Login({ store }: { readonly store: Store }) {
  const [message, setMessage] = useState('')
  const [isBusy, setBusy] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
  const signIn = async (event: SubmitEvent) => {
    event.preventDefault()
    setBusy(true)
    try {
      const wait = await store.signIn(field.current?.value ?? '')
      if (wait !== undefined)
        setMessage(`That was not the password, or it came too soon. Try again in ${wait} s.`)
    } catch {
      setMessage('The program does not answer.')
    }
    setBusy(false)
    field.current?.select()
  }
  return (
    <main class="login">
      <form onSubmit={(event) => void signIn(event)}>
        <h1>
          <img src="icon.svg" alt="" width="28" height="28" />
          sensor-reporter
        </h1>
        <label for="password">Password</label>
        <input
          id="password"
          ref={field}
          type="password"
          autocomplete="current-password"
          required
          maxLength={1000}
        />
        <button disabled={isBusy}>Sign in</button>
        <p role="alert">{message}</p>
      </form>
    </main>
  )
}

const root = document.getElementById('page')
if (root) render(<Page />, root)
