import type { Logger } from '../model.js'
import type { Advertisement } from '../radio/advertisement.js'
import { btsnoop } from './btsnoop.js'
import { pcap, pcapng } from './pcap.js'
import { type CaptureFormat, recordCutter } from './records.js'

/**
 * The advertisements in a capture, in batches, one for each chunk. Its first bytes tell what it is: btsnoop, pcap, pcapng,
 * and JSON Lines otherwise. What is no advertisement in a binary capture is passed over.
 */
export async function* readCapture(
  chunks: AsyncIterable<Uint8Array | string>,
  log: Logger,
): AsyncGenerator<Iterable<Advertisement>, void> {
  const unread = buffers(chunks)
  let head = Buffer.alloc(0)
  for (let next = await unread.next(); !next.done; next = await unread.next()) {
    head = Buffer.concat([head, next.value])
    if (head.length >= 4) break
  }
  const format = formatOf(head)
  if (!format) {
    // The schema of a line is not for those who listen to a radio.
    const { captureLines } = await import('./jsonLines.js')
    yield* captureLines(from(head, unread), log)
    return
  }
  const cutter = recordCutter(format, log)
  for await (const chunk of from(head, unread)) yield cutter.advertisements(chunk)
  cutter.end()
}

async function* buffers(chunks: AsyncIterable<Uint8Array | string>): AsyncGenerator<Buffer, void> {
  for await (const chunk of chunks)
    yield typeof chunk === 'string'
      ? Buffer.from(chunk)
      : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
}

async function* from(head: Buffer, unread: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  yield head
  yield* unread
}

const formats = [btsnoop, pcap, pcapng]

/** The kind of a binary capture by its first four bytes; undefined for what can only be JSON Lines. */
export const formatOf = (head: Buffer): CaptureFormat | undefined =>
  formats.find(({ magics }) => magics.includes(head.toString('hex', 0, 4)))
