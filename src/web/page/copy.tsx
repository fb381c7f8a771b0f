import { useState } from 'preact/hooks'

/** Copies a text; where the browser does not let a page do that, as without TLS, the text can still be selected. */
export function Copy({ text, label }: { readonly text: string; readonly label: string }) {
  const [said, setSaid] = useState('')
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setSaid(' ✓')
    } catch {
      setSaid(': select the text, the browser does not let a page copy it here')
    }
    setTimeout(() => setSaid(''), 4000)
  }
  return (
    <button class="command" onClick={() => void copy()}>
      {label}
      <span role="status">{said}</span>
    </button>
  )
}
