import { resolve } from 'node:path'
import { escapeControls } from '../fields/problems.js'
import { fileFault, type Problem } from '../fields/problems.js'
import { exposure, readSmallFile } from '../smallFile.js'

/** A value with its secrets put in. */
interface Expanded {
  readonly text: string
  /** Whether anything was put in, so that the text must not be shown. */
  readonly secret: boolean
  /** Why it cannot be used; they call secrets as they are written in the file, never by what stands for them. */
  readonly faults: readonly string[]
  /** What is doubtful about the files. */
  readonly doubts: readonly string[]
  /** It, or its faults, are what the machine gives. */
  readonly cause?: Problem['cause']
}

/**
 * Replaces `${env:NAME}` by an environment variable and `${file:PATH}` by what is in a file, less one line end; they
 * nest, as in `${file:${env:CREDENTIALS_DIRECTORY}/mqtt}`. What was put in is not looked at again; any other `$` stays.
 */
export async function expandSecrets(value: string, sources: SecretSources): Promise<Expanded> {
  const faults: string[] = []
  const doubts: string[] = []
  const around: Piece[] = []
  let piece = start('')

  const close = async (inner: Piece, outer: Piece) => {
    outer.written += `${inner.kind}${inner.written}}`
    outer.usable &&= inner.usable
    if (!inner.usable) return
    try {
      const { text, doubt } = await readSecret(inner.kind, inner.text, escapeControls(inner.written), sources)
      outer.text += text
      if (doubt !== undefined) doubts.push(doubt)
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
      await close(piece, outer)
      around.pop()
      piece = outer
    } else {
      piece.text += token
      piece.written += token
    }
  }
  const isOpen = around.length > 0
  if (isOpen) faults.push(`expected a } at the end of ${piece.kind}…, got none`)
  const secret = secretReference.test(value)
  return { text: piece.text, secret, faults, doubts, ...(secret && !isOpen && { cause: 'machine' }) }
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
 * Rejects with an Error that calls the secret as it is `written` in the configuration.
 */
async function readSecret(
  kind: string,
  name: string,
  written: string,
  { env, folder, asked }: SecretSources,
): Promise<{ readonly text: string; readonly doubt?: string }> {
  if (kind === '${env:') {
    asked?.add(name)
    const value = Object.hasOwn(env, name) ? env[name] : undefined
    if (value !== undefined) return { text: value }
    throw new Error(
      `the environment variable ${written} is not set: set it for the service (Environment=) or shell`,
    )
  }
  try {
    const file = await readSmallFile(resolve(folder, name))
    const text = new TextDecoder('utf-8', { fatal: true }).decode(file.bytes).replace(/\r?\n$/, '')
    const exposed = exposure(file, false)
    return { text, ...(exposed !== undefined && { doubt: `of the file ${written}, ${exposed}` }) }
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
  /pass(wor[dt]|wd|phrase)|pwd|secret|token|credential|^key|key\d*$/i.test(key)
