import { closeSync, constants, openSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Libc } from './libc.js'

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

const nameSize = 32

/** A name in a structure of linux/gpio.h: at most 32 bytes, ended by a zero. */
export const nameAt = (bytes: Buffer, offset: number): string =>
  bytes
    .toString('utf8', offset, offset + nameSize)
    .split('\0', 1)
    .join()

/** The chip with the 40-pin header: of the Pi 5, of the Pi 4, of those before it. Its number differs, its label does not. */
const headerChips = ['pinctrl-rp1', 'pinctrl-bcm2711', 'pinctrl-bcm2835']

/** Opens the chip with the header's lines, found by its label; whoever gets the descriptor closes it. */
export function openChip(libc: Libc, folder = '/dev'): number {
  const paths = readdirSync(folder)
    .filter((name) => /^gpiochip\d+$/.test(name))
    .map((name) => join(folder, name))
  if (paths.length === 0)
    throw new Error(`this machine shows no GPIO: there is no ${folder}/gpiochip*; in a container, pass it in`)
  const labels: string[] = []
  for (const path of paths) {
    const fd = openPath(path)
    const label = labelOf(fd, libc)
    if (headerChips.includes(label)) return fd
    closeSync(fd)
    labels.push(label)
  }
  throw new Error(
    `expected a GPIO chip labelled ${headerChips.join(', ')}, got ${labels.join(', ')}: is this a Raspberry Pi?`,
  )
}

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

function labelOf(chip: number, libc: Libc): string {
  const info = Buffer.alloc(layout.chipInfo.size)
  libc.ioctl(chip, requests.chipInfo, info)
  return nameAt(info, layout.chipInfo.label)
}

/** The numbers of the requests (ioctl) in linux/gpio.h, to a chip and to a line. */
export const requests = {
  chipInfo: 0x8044b401,
  lineInfo: 0xc100b405,
  line: 0xc250b407,
  getValues: 0xc010b40e,
  setValues: 0xc010b40f,
} as const
