import { advertisingReports } from '../bluetooth/advertisingReports.js'
import type { Advertisement } from '../bluetooth/advertisement.js'
import { parseAdvertisement } from '../bluetooth/parseAdvertisement.js'
import type { Logger } from '../logging/logger.js'
import { btsnoop } from './btsnoop.js'
import { captureLines } from './captureLines.js'
import { pcap } from './pcap.js'
import { pcapng } from './pcapng.js'
import { recordCutter } from './recordCutter.js'
import type { CapturedPacket } from './recordReader.js'

const formats = [btsnoop, pcap, pcapng]

/**
 * The advertisements in a capture, in batches, one for each chunk. Its first bytes tell what it is: btsnoop, pcap, pcapng, and JSON Lines
 * otherwise. What is no advertisement in a binary capture is passed over.
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
  const format = formats.find(({ magics }) => magics.includes(head.toString('hex', 0, 4)))
  if (!format) {
    yield* captureLines(from(head, unread), log)
    return
  }
  const cutter = recordCutter(format, log)
  for await (const chunk of from(head, unread)) yield cutter.packets(chunk).flatMap(advertisements)
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

const advertisements = ({ packet, at }: CapturedPacket): Advertisement[] =>
  advertisingReports(packet).map((report) => ({
    ...report,
    ...(at !== undefined && at >= 0 && { at }),
    ...parseAdvertisement(report.data),
  }))
