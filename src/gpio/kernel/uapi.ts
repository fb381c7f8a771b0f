import type { InputOptions } from '../../plugin/gpioChip.js'

/**
 * Sizes of the structures of linux/gpio.h (uAPI v2) and where in them stands what we use, in bytes. They are the same on
 * every architecture, and little-endian on every one that has such a chip.
 */
export const layout = {
  chipInfo: { size: 68, label: 32 },
  lineInfo: { size: 256, consumer: 32, line: 64 },
  /** With one line and at most one attribute; the kernel writes the descriptor of the line into `fd`. */
  lineRequest: {
    size: 592,
    line: 0,
    consumer: 256,
    flags: 288,
    attributeCount: 296,
    attributeId: 320,
    attributeValue: 328,
    attributeMask: 336,
    lineCount: 560,
    eventBufferSize: 564,
    fd: 588,
  },
  lineValues: { size: 16, bits: 0, mask: 8 },
  lineEvent: { size: 48, timestamp: 0, id: 8, sequence: 20 },
} as const

/** The numbers of the requests (ioctl) in linux/gpio.h, to a chip and to a line. */
export const requests = {
  chipInfo: 0x8044b401,
  lineInfo: 0xc100b405,
  line: 0xc250b407,
  getValues: 0xc010b40e,
  setValues: 0xc010b40f,
} as const

/** What a line is to be: an input that reports its changes, or an output with its first level. */
export type LineRole = InputOptions | { readonly level: boolean }

/** The request for a line, `struct gpio_v2_line_request` of linux/gpio.h. */
export function lineRequest(line: number, role: LineRole): Buffer {
  const bytes = Buffer.alloc(at.size)
  bytes.writeUInt32LE(line, at.line)
  bytes.write('sensor_reporter', at.consumer)
  bytes.writeUInt32LE(1, at.lineCount)
  if ('level' in role) {
    bytes.writeBigUInt64LE(flags.output, at.flags)
    writeAttribute(bytes, attributes.outputValues, role.level ? 1 : 0)
  } else {
    const bias = role.pull === 'up' ? flags.pullUp : flags.pullDown
    bytes.writeBigUInt64LE(flags.input | flags.bothEdges | bias, at.flags)
    bytes.writeUInt32LE(eventBufferSize, at.eventBufferSize)
    if (role.debounce > 0) writeAttribute(bytes, attributes.debounce, role.debounce * 1000)
  }
  return bytes
}

function writeAttribute(bytes: Buffer, id: number, value: number): void {
  bytes.writeUInt32LE(1, at.attributeCount)
  bytes.writeUInt32LE(id, at.attributeId)
  bytes.writeUInt32LE(value, at.attributeValue)
  bytes.writeBigUInt64LE(1n, at.attributeMask)
}

const at = layout.lineRequest

const flags = {
  input: 1n << 2n,
  output: 1n << 3n,
  bothEdges: (1n << 4n) | (1n << 5n),
  pullUp: 1n << 8n,
  pullDown: 1n << 9n,
}

const attributes = { outputValues: 2, debounce: 3 }

/** The kernel keeps this many changes for us to fetch; more it does not allow. */
const eventBufferSize = 1024

/** A change of a line as the kernel saw it. */
export interface LineEvent {
  readonly level: boolean
  /** CLOCK_MONOTONIC, ns. */
  readonly timestamp: bigint
  /** Counts the changes of the line from 1 on; a gap is changes that were lost. */
  readonly sequence: number
}

/** Takes apart what was read from a line, whole `struct gpio_v2_line_event`s of linux/gpio.h. */
export const lineEvents = (bytes: Buffer): LineEvent[] =>
  Array.from({ length: Math.floor(bytes.length / size) }, (_, index) => ({
    level: bytes.readUInt32LE(index * size + id) === risingEdge,
    timestamp: bytes.readBigUInt64LE(index * size + timestamp),
    sequence: bytes.readUInt32LE(index * size + sequence),
  }))

const { size, timestamp, id, sequence } = layout.lineEvent

const risingEdge = 1

/** A name in a structure of linux/gpio.h: at most 32 bytes, ended by a zero. */
export const nameAt = (bytes: Buffer, offset: number): string =>
  bytes
    .toString('utf8', offset, offset + nameSize)
    .split('\0', 1)
    .join()

const nameSize = 32
