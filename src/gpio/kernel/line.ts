import { closeSync } from 'node:fs'
import { escapeControls } from '../../logging/records.js'
import type { InputOptions } from '../../plugin/gpioChip.js'
import { layout, nameAt, openChip, requests } from './chip.js'
import { libc, type Libc } from './libc.js'

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

const at = layout.lineRequest

/** What a line is to be: an input that reports its changes, or an output with its first level. */
type LineRole = InputOptions | { readonly level: boolean }

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

/** A line that is ours until it is closed; an output falls back then. */
export interface Line {
  level(): boolean
  set(level: boolean): void
  /** The changes since the last call. */
  events(): LineEvent[]
  close(): void
}

/** How many changes are fetched at a time. */
const batch = 64

/** Requests a line from the kernel; it goes to one at a time. */
export function openLine(line: number, role: LineRole, calls: Libc = libc(), folder = '/dev'): Line {
  const fd = requestLine(line, role, calls, openChip(calls, folder))
  calls.setNonBlocking(fd)
  const events = Buffer.alloc(batch * layout.lineEvent.size)
  const exchange = (request: number, level: boolean) => {
    const values = Buffer.alloc(layout.lineValues.size)
    values.writeBigUInt64LE(level ? 1n : 0n, layout.lineValues.bits)
    values.writeBigUInt64LE(1n, layout.lineValues.mask)
    calls.ioctl(fd, request, values)
    return values.readBigUInt64LE(layout.lineValues.bits) === 1n
  }
  return {
    level: () => exchange(requests.getValues, false),
    set: (level) => void exchange(requests.setValues, level),
    events: () => lineEvents(events.subarray(0, calls.read(fd, events))),
    close: () => closeSync(fd),
  }
}

/** The descriptor of the line; that of the chip is needed no longer. */
function requestLine(line: number, role: LineRole, calls: Libc, chip: number): number {
  const request = lineRequest(line, role)
  try {
    calls.ioctl(chip, requests.line, request)
    return request.readInt32LE(layout.lineRequest.fd)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'EBUSY') throw lineHeldError(line, holderOf(line, calls, chip))
    throw new Error(`GPIO ${line} cannot be used (${code ?? String(cause)}): does the chip have it?`, {
      cause,
    })
  } finally {
    closeSync(chip)
  }
}

function holderOf(line: number, calls: Libc, chip: number): string {
  const info = Buffer.alloc(layout.lineInfo.size)
  info.writeUInt32LE(line, layout.lineInfo.line)
  calls.ioctl(chip, requests.lineInfo, info)
  return nameAt(info, layout.lineInfo.consumer)
}

/** The error for a line that somebody else holds; `holder` is what they call themselves. */
export const lineHeldError = (line: number, holder: string): Error =>
  new Error(
    `expected GPIO ${line} to be free, but ${holder ? `"${escapeControls(holder)}"` : 'somebody'} holds it: end that, or choose another Pin`,
  )
