import { fileFault, formatProblem, type Problem } from '../fields/problems.js'
import type { Logger } from '../model.js'
import { addressDigits } from '../radio/advertisement.js'
import { exposure, readSmallFile } from '../smallFile.js'
import { deviceAddress } from './chosenDevices.js'
import type { Keys } from './formats/formats.js'

export const keyLengths = '32 hex digits, or 24 for older devices of Xiaomi'

/** The bytes of a key; undefined for what is none. */
export const keyBytes = (text: string): Uint8Array | undefined =>
  /^([0-9a-f]{24}|[0-9a-f]{32})$/i.test(text) ? Buffer.from(text, 'hex') : undefined

/**
 * Reads a file of keys: `ADDRESS = KEY` a line, in any case, and comments behind `#`. Rejects with an Error that has every mistake
 * with its line, and nothing of what stands there: a key may stand anywhere.
 */
export async function readKeyFile(path: string, log: Pick<Logger, 'warn'>): Promise<Keys> {
  const file = await readSmallFile(path).catch((error: unknown) => {
    throw new Error(`${path}: cannot read the keys: ${fileFault(error)}`, { cause: error })
  })
  const keys = new Map<string, Uint8Array>()
  const lines = new Map<string, number>()
  const problems: Problem[] = []
  for (const [index, written] of new TextDecoder().decode(file.bytes).split(/\r?\n/).entries()) {
    const text = written.replace(/#.*/, '').trim()
    if (text === '') continue
    const line = index + 1
    const refuse = (message: string) => problems.push({ severity: 'error', line, message })
    const [address = '', key, ...rest] = text.split('=').map((part) => part.trim())
    const digits = addressDigits(address)
    const bytes = keyBytes(key ?? '')
    const first = lines.get(digits)
    if (key === undefined || rest.length > 0) refuse('expected ADDRESS = KEY, or a comment behind #')
    else if (!deviceAddress.safeParse(address).success)
      refuse('expected a Bluetooth address such as A4:C1:38:11:22:33 in front of the =')
    else if (first !== undefined) refuse(`the address of line ${first} again: a device has one key`)
    else if (!bytes) refuse(`expected a key of ${keyLengths}, got ${key.length} characters`)
    else keys.set(digits, bytes)
    lines.set(digits, first ?? line)
  }
  if (problems.length > 0) throw new Error(problems.map((problem) => formatProblem(path, problem)).join('\n'))
  const exposed = exposure(file, false)
  if (exposed !== undefined) log.warn(`${path}: ${exposed}`)
  return keys
}
