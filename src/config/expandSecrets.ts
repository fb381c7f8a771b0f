import { escapeControls } from '../logging/escapeControls.js'
import { readSecret, type SecretSources } from './readSecret.js'
import { secretReference } from './secretReference.js'

/** A value with its secrets put in. */
export interface Expanded {
  readonly text: string
  /** Whether anything was put in, so that the text must not be shown. */
  readonly secret: boolean
  /** Why it cannot be used; they call secrets as they are written in the file, never by what stands for them. */
  readonly faults: readonly string[]
}

/**
 * Replaces `${env:NAME}` by an environment variable and `${file:PATH}` by what is in a file, less one line end; they
 * nest, as in `${file:${env:CREDENTIALS_DIRECTORY}/mqtt}`. What was put in is not looked at again; any other `$` stays.
 */
export function expandSecrets(value: string, sources: SecretSources): Expanded {
  const faults: string[] = []
  const around: Piece[] = []
  let piece = start('')

  const close = (inner: Piece, outer: Piece) => {
    outer.written += `${inner.kind}${inner.written}}`
    outer.usable &&= inner.usable
    if (!inner.usable) return
    try {
      outer.text += readSecret(inner.kind, inner.text, escapeControls(inner.written), sources)
    } catch (error) {
      outer.usable = false
      faults.push(error instanceof Error ? error.message : String(error))
    }
  }

  for (const token of value.split(/(\$\{(?:env|file):|\})/)) {
    const outer = around.at(-1)
    if (secretReference.test(token)) {
      around.push(piece)
      piece = start(token)
    } else if (token === '}' && outer) {
      close(piece, outer)
      around.pop()
      piece = outer
    } else {
      piece.text += token
      piece.written += token
    }
  }
  if (around.length > 0) faults.push(`expected a } at the end of ${piece.kind}…, got none`)
  return { text: piece.text, secret: secretReference.test(value), faults }
}

/** What stands between `${env:` and `}`, or around them all. */
interface Piece {
  readonly kind: string
  text: string
  written: string
  usable: boolean
}

const start = (kind: string): Piece => ({ kind, text: '', written: '', usable: true })
