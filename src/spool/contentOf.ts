import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { spoolHeader } from './spoolHeader.js'

/** The bytes of a spool file, none if there is no file; of another file just enough to see that. */
export async function contentOf(path: string): Promise<Buffer> {
  try {
    if (!(await stat(path)).isFile()) throw new Error('expected a file, got something else; name another one')
    const chunks: Buffer[] = []
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      if (chunks[0] && !chunks[0].subarray(0, spoolHeader.length).equals(spoolHeader)) break
    }
    return Buffer.concat(chunks)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
}
