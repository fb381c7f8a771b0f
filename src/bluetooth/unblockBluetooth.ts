import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** `struct rfkill_event` (linux/rfkill.h): no index, type Bluetooth (2), change all (3), neither soft nor hard. */
const unblockAll = Buffer.from([0, 0, 0, 0, 2, 3, 0, 0])

/**
 * Does what `rfkill unblock bluetooth` does, where Bluetooth is blocked. Throws an Error that says what to do by hand
 * where that is not possible.
 */
export function unblockBluetooth(states = '/sys/class/rfkill', device = '/dev/rfkill'): void {
  const radios = list(states).map((name) => join(states, name))
  const bluetooth = radios.filter((radio) => read(radio, 'type') === 'bluetooth')
  if (bluetooth.some((radio) => read(radio, 'hard') === '1')) {
    throw new Error('a switch or key of this machine blocks Bluetooth: press it')
  }
  if (bluetooth.every((radio) => read(radio, 'soft') !== '1')) return
  try {
    writeFileSync(device, unblockAll, { flag: 'r+' })
  } catch (cause) {
    throw new Error(
      'Bluetooth is blocked, and this program may not unblock it: sudo rfkill unblock bluetooth',
      {
        cause,
      },
    )
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    // A kernel without rfkill blocks nothing.
    return []
  }
}

function read(folder: string, file: string): string {
  try {
    return readFileSync(join(folder, file), 'utf8').trim()
  } catch {
    // It was pulled out just now.
    return ''
  }
}
