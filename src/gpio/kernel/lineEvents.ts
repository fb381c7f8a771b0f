import { layout } from './layout.js'

/** A change of a line as the kernel saw it. */
export interface LineEvent {
  readonly level: boolean
  /** CLOCK_MONOTONIC, ns. */
  readonly timestamp: bigint
  /** Counts the changes of the line from 1 on; a gap is changes that were lost. */
  readonly sequence: number
}

const { size, timestamp, id, sequence } = layout.lineEvent
const risingEdge = 1

/** Takes apart what was read from a line, whole `struct gpio_v2_line_event`s of linux/gpio.h. */
export const lineEvents = (bytes: Buffer): LineEvent[] =>
  Array.from({ length: Math.floor(bytes.length / size) }, (_, index) => ({
    level: bytes.readUInt32LE(index * size + id) === risingEdge,
    timestamp: bytes.readBigUInt64LE(index * size + timestamp),
    sequence: bytes.readUInt32LE(index * size + sequence),
  }))
