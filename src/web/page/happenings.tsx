import type { Store } from './store.js'
import { ageText, plainly, timeText } from './words.js'

/** What happened, the newest first: buttons, movements, and who came or went. */
export function Happenings({ store }: { readonly store: Store }) {
  const { happened } = store.state
  return (
    <>
      <h2>Events</h2>
      {happened.length === 0 ? (
        <p class="empty">
          Nothing has happened yet. A button that is pressed stands here, and a device that goes OFFLINE.
        </p>
      ) : (
        <ol class="events" aria-live="polite">
          {happened.map(([topic, text, at], place) => (
            <li key={`${at} ${topic} ${happened.length - place}`}>
              <time dateTime={new Date(at).toISOString()}>{timeText(at)}</time>
              <code>{plainly(topic)}</code>
              <strong>{plainly(text)}</strong>
              <span class="age">{ageText(store.now() - at)}</span>
            </li>
          ))}
        </ol>
      )}
    </>
  )
}
