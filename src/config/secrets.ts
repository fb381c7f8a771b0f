import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { escapeControls } from '../logging/records.js'
import { fileFault } from '../plugin/problems.js'

/** A value with its secrets put in. */
interface Expanded {
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

/** Where secrets come from. */
export interface SecretSources {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Where relative paths begin. */
  readonly folder: string
  /** Gets the names of the environment variables that are asked for. */
  readonly asked?: Set<string>
}

/**
 * The secret that `${env:NAME}` or `${file:PATH}` stands for; a file's last line end is no part of it.
 * Throws an Error that calls the secret as it is `written` in the configuration.
 */
function readSecret(
  kind: string,
  name: string,
  written: string,
  { env, folder, asked }: SecretSources,
): string {
  if (kind === '${env:') {
    asked?.add(name)
    const value = Object.hasOwn(env, name) ? env[name] : undefined
    if (value !== undefined) return value
    throw new Error(
      `the environment variable ${written} is not set: set it for the service (Environment=) or shell`,
    )
  }
  try {
    const path = resolve(folder, name)
    if (!statSync(path).isFile()) throw new Error('it is not a regular file')
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path)).replace(/\r?\n$/, '')
  } catch (error) {
    throw new Error(
      `cannot read the file ${written}: ${fileFault(error)} (relative paths begin at ${folder})`,
    )
  }
}

/** Where a value begins to stand for a secret: `${env:NAME}` or `${file:PATH}`. */
export const secretReference = /\$\{(?:env|file):/

/** Whether a parameter of this name is one whose value nobody should see, whatever the schemas say. */
export const isSecretKey = (key: string): boolean =>
  /pass(wor[dt]|wd|phrase)|secret|token|credential/i.test(key)
