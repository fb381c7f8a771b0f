import { closeSync, constants, openSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { escapeControls } from '../../fields/problems.js'
import { libc, type Libc } from './libc.js'
import { layout, type LineEvent, lineEvents, lineRequest, type LineRole, nameAt, requests } from './uapi.js'

/** A line that is ours until it is closed; an output falls back then. */
export interface Line {
  level(): boolean
  set(level: boolean): void
  /** The changes since the last call. */
  events(): LineEvent[]
  close(): void
}

/** A chip that is not that of the header. */
export interface OtherChip {
  /** `gpiochip2` */
  readonly name: string
  /** What people call the line: `relay 3`. */
  readonly what: string
  /** The parameter that chooses it. */
  readonly parameter: string
}

/** Requests a line from the kernel; it goes to one at a time. */
export function openLine(
  line: number,
  role: LineRole,
  calls: Libc = libc(),
  folder = '/dev',
  other?: OtherChip,
): Line {
  const chip = other ? openPath(join(folder, other.name)) : openChip(calls, folder)
  const fd = requestLine(line, role, calls, chip, other)
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

/** How many changes are fetched at a time. */
const batch = 64

/** The descriptor of the line; that of the chip is needed no longer. */
function requestLine(line: number, role: LineRole, calls: Libc, chip: number, other?: OtherChip): number {
  const request = lineRequest(line, role)
  try {
    calls.ioctl(chip, requests.line, request)
    return request.readInt32LE(layout.lineRequest.fd)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'EBUSY') throw lineHeldError(line, holderOf(line, calls, chip), other)
    const { what } = other ?? headerLine(line)
    throw new Error(`${what} cannot be used (${code ?? String(cause)}): does the chip have it?`, { cause })
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
export function lineHeldError(
  line: number,
  holder: string,
  { what, parameter }: Pick<OtherChip, 'what' | 'parameter'> = headerLine(line),
): Error {
  const who = holder ? `"${escapeControls(holder)}"` : 'somebody'
  return new Error(
    `expected ${what} to be free, but ${who} holds it: end that, or choose another ${parameter}`,
  )
}

const headerLine = (line: number) => ({ what: `GPIO ${line}`, parameter: 'Pin' })

/** Opens the chip with the header's lines, found by its label; whoever gets the descriptor closes it. */
function openChip(calls: Libc, folder: string): number {
  const paths = readdirSync(folder)
    .filter((name) => /^gpiochip\d+$/.test(name))
    .map((name) => join(folder, name))
  if (paths.length === 0)
    throw new Error(`this machine shows no GPIO: there is no ${folder}/gpiochip*; in a container, pass it in`)
  const labels: string[] = []
  for (const path of paths) {
    const fd = openPath(path)
    const label = labelOf(fd, calls)
    if (headerChips.includes(label)) return fd
    closeSync(fd)
    labels.push(label)
  }
  throw new Error(
    `expected a GPIO chip labelled ${headerChips.join(', ')}, got ${labels.join(', ')}: is this a Raspberry Pi?`,
  )
}

/** The chip with the 40-pin header: of the Pi 5, of the Pi 4, of those before it. Its number differs, its label does not. */
const headerChips = ['pinctrl-rp1', 'pinctrl-bcm2711', 'pinctrl-bcm2835']

function openPath(path: string): number {
  try {
    return openSync(path, constants.O_RDWR)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    const isForbidden = code === 'EACCES' || code === 'EPERM'
    const advice = isForbidden
      ? 'add the user to the group gpio: sudo adduser USER gpio'
      : `it says ${code ?? String(cause)}`
    throw new Error(`${path} cannot be opened: ${advice}`, { cause })
  }
}

function labelOf(chip: number, calls: Libc): string {
  const info = Buffer.alloc(layout.chipInfo.size)
  calls.ioctl(chip, requests.chipInfo, info)
  return nameAt(info, layout.chipInfo.label)
}
