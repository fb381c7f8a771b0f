import { closeSync, constants, openSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { layout } from './layout.js'
import type { Libc } from './libc.js'
import { nameAt } from './nameAt.js'
import { requests } from './requests.js'

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
