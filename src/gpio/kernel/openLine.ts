import { closeSync } from 'node:fs'
import { lineHeldError } from '../lineHeldError.js'
import { layout } from './layout.js'
import { libc, type Libc } from './libc.js'
import { type LineEvent, lineEvents } from './lineEvents.js'
import { lineRequest, type LineRole } from './lineRequest.js'
import { nameAt } from './nameAt.js'
import { openChip } from './openChip.js'
import { requests } from './requests.js'

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
