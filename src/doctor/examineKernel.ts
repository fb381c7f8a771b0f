import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { radioError } from '../bluetooth/radioError.js'
import type { Finding } from './finding.js'
import type { Machine } from './machine.js'

/** Whether the kernel speaks Bluetooth. */
export function examineKernel({ root }: Machine): Finding {
  const protocols = join(root, 'proc/net/protocols')
  const knows =
    existsSync(join(root, 'sys/class/bluetooth')) ||
    (existsSync(protocols) && /^HCI\b/m.test(readFileSync(protocols, 'utf8')))
  return knows
    ? { ok: true, text: 'the kernel has Bluetooth' }
    : { ok: false, text: radioError('EAFNOSUPPORT').message }
}
