import { join } from 'node:path'
import { radioError } from '../bluetooth/radioError.js'
import type { Finding } from './finding.js'
import type { Machine } from './machine.js'
import { textOf } from './textOf.js'

/** Bits in CapEff: capabilities(7). */
const capabilities = { CAP_NET_RAW: 13n, CAP_NET_ADMIN: 12n }

/** Whether this process may listen (CAP_NET_RAW), and power-cycle a deaf adapter (CAP_NET_ADMIN); root may. */
export function examineCapabilities({ root }: Machine): Finding {
  const effective = /^CapEff:\s*([\da-f]+)$/m.exec(textOf(join(root, 'proc/self/status')))?.[1] ?? '0'
  const bits = BigInt(`0x${effective}`)
  const missing = Object.entries(capabilities).flatMap(([name, bit]) => ((bits >> bit) & 1n ? [] : [name]))
  if (missing.length === 0) return { ok: true, text: 'this process may use Bluetooth' }
  return { ok: false, text: `This process lacks ${missing.join(' and ')}. ${radioError('EPERM').message}` }
}
