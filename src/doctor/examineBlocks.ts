import { join } from 'node:path'
import { filesIn } from './filesIn.js'
import type { Finding } from './finding.js'
import type { Machine } from './machine.js'
import { textOf } from './textOf.js'

/** Whether rfkill keeps Bluetooth switched off. */
export function examineBlocks({ root }: Machine): Finding {
  const folder = join(root, 'sys/class/rfkill')
  const blocks = filesIn(folder)
    .map((name) => join(folder, name))
    .filter((radio) => textOf(join(radio, 'type')) === 'bluetooth')
  const blocked = (how: string) => blocks.some((radio) => textOf(join(radio, how)) === '1')
  if (blocked('hard'))
    return { ok: false, text: 'A switch or key of this machine blocks Bluetooth: press it.' }
  if (blocked('soft'))
    return { ok: false, text: 'rfkill blocks Bluetooth: run sudo rfkill unblock bluetooth.' }
  return { ok: true, text: 'rfkill does not block Bluetooth' }
}
