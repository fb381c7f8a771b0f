import type { Advertisement } from '../bluetooth/advertisement.js'
import type { Logger } from '../logging/logger.js'
import { lines } from './lines.js'
import { parseCaptureLine } from './parseCaptureLine.js'

/**
 * The advertisements in a JSON Lines capture, in batches, one for each chunk. A line that is none is logged with its
 * number and skipped.
 */
export async function* captureLines(
  chunks: AsyncIterable<Uint8Array | string>,
  log: Logger,
): AsyncGenerator<Iterable<Advertisement>, void> {
  let number = 0
  function* parse(batch: readonly string[]) {
    for (const line of batch) {
      number += 1
      if (line.trim() === '') continue
      try {
        yield parseCaptureLine(line)
      } catch (error) {
        log.warn(`line ${number} is no advertisement and is skipped: ${(error as Error).message}`)
      }
    }
  }
  for await (const batch of lines(chunks)) yield parse(batch)
}
