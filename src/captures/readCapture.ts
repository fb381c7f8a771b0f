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
    // A line may be shorter than what tells the kinds apart, and whoever wrote it waits for nothing more.
    if (!mayBecome(head.subarray(0, 4))) break
  }
  const compression = compressions.find(([magic]) => head.toString('hex').startsWith(magic))
  if (compression) throw new Error(compression[1])
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

/** What an archive or a compressed file begins with, and what to do with it. */
const compressions = [
  ['1f8b', 'it is compressed with gzip: zcat it into decode - (or --replay -), or gunzip it first'],
  ['504b0304', 'it is a zip archive: unzip it, and name the file that was in it'],
  ['fd377a58', 'it is compressed with xz: unxz it first'],
  ['28b52ffd', 'it is compressed with zstd: unzstd it first'],
  ['425a68', 'it is compressed with bzip2: bunzip2 it first'],
] as const

const magics = [...formats.flatMap((format) => format.magics), ...compressions.map(([magic]) => magic)]

/** Whether more bytes could make it one of the kinds that are known by their first ones. */
const mayBecome = (head: Buffer): boolean =>
  magics.some((magic) => magic.startsWith(head.toString('hex')) && magic.length > head.length * 2)

/** The kind of a binary capture by its first four bytes; undefined for what can only be JSON Lines. */
export const formatOf = (head: Buffer): CaptureFormat | undefined =>
  formats.find(({ magics }) => magics.includes(head.toString('hex', 0, 4)))
