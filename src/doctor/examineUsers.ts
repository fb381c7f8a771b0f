import { join } from 'node:path'
import { hciSockets } from '../bluetooth/hciSockets.js'
import { escapeControls } from '../logging/escapeControls.js'
import { filesIn } from './filesIn.js'
import type { Finding } from './finding.js'
import type { Machine } from './machine.js'
import { textOf } from './textOf.js'

/** They are known by name, since only root sees what sockets the processes of others have. */
const known = new Set(['bluetoothd', 'btmon', 'btmgmt', 'bluetoothctl', 'hcidump', 'hcitool', 'bluealsa'])

/** Who else uses Bluetooth. That is no fault, but they may stop a scan; it is started again then. */
export function examineUsers({ root }: Machine): Finding {
  const users = filesIn(join(root, 'proc'))
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      const folder = join(root, 'proc', pid)
      const name = textOf(join(folder, 'comm'))
      return known.has(name) || hciSockets(folder).size > 0
        ? [`${escapeControls(name)} (process ${pid})`]
        : []
    })
  return {
    ok: true,
    text:
      users.length > 0
        ? `also used by ${users.join(', ')}: should one of them stop the scan, it is started again`
        : 'no other program is seen to use Bluetooth',
  }
}
