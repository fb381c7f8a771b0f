import type { Logger } from '../logging/logger.js'
import type { CaptureFormat } from './captureFormat.js'
import type { CapturedPacket, RecordReader } from './recordReader.js'

/**
 * Cuts a binary capture into packets, chunk by chunk; it keeps no more than the record it is in the middle of. Nothing
 * in the chunks makes it throw: where the file is damaged, the next record is searched for; where it was cut off, all
 * before that has been read. Each is logged once.
 */
export function recordCutter(format: CaptureFormat, log: Logger) {
  let rest: Buffer = Buffer.alloc(0)
  let offset = 0
  let reader: RecordReader | undefined
  let searching = false
  let damaged = false

  const take = (length: number) => {
    const taken = rest.subarray(0, length)
    rest = rest.subarray(length)
    offset += length
    return taken
  }

  function* records(from: RecordReader): Generator<Buffer> {
    while (rest.length >= from.header) {
      const length = from.length(rest.subarray(0, from.header), searching)
      if (length !== undefined && length > rest.length) return
      searching = length === undefined
      if (length !== undefined) {
        yield take(length)
        continue
      }
      if (!damaged) log.warn(`The capture is damaged at byte ${offset}: what is no record there is skipped.`)
      damaged = true
      take(1)
    }
  }

  return {
    /** The packets that a chunk completes. */
    packets: (chunk: Buffer): CapturedPacket[] => {
      rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
      if (!reader && rest.length >= format.fileHeader) reader = format.open(take(format.fileHeader), log)
      const packets: CapturedPacket[] = []
      if (!reader) return packets
      // One by one, since a record may say how those behind it are to be read.
      for (const record of records(reader)) {
        const packet = reader.packet(record)
        if (packet) packets.push(packet)
      }
      return packets
    },
    /** To be called when there are no more chunks. */
    end: () => {
      if ((rest.length > 0 || !reader) && !searching)
        log.warn(
          `The capture ends in the middle of a record, at byte ${offset}: all before that has been read.`,
        )
    },
  }
}
