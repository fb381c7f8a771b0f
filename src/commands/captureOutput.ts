import { once } from 'node:events'
import { createWriteStream, statSync } from 'node:fs'
import type { Writable } from 'node:stream'

/**
 * Opens the file that a recording goes to; `-` is standard output. A file that holds something already is replaced only
 * by `force`. Rejects with an error that says why it cannot be had.
 */
export async function captureOutput(file: string, force = false): Promise<Writable> {
  if (file === '-') return process.stdout
  const present = statSync(file, { throwIfNoEntry: false })
  if (present?.isFile() && present.size > 0 && !force)
    throw new Error(`${file} exists already: choose another name, or --force to replace it.`)
  try {
    const output = createWriteStream(file)
    await once(output, 'open')
    return output
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException
    throw new Error(`${file} cannot be written (${code}): check the path and its permissions.`, {
      cause: error,
    })
  }
}
