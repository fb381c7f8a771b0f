import type { Finding } from './finding.js'
import type { Machine } from './machine.js'

const oldest = 20

/** Whether Node is new enough. */
export function examineNode({ nodeVersion }: Machine): Finding {
  return Number(nodeVersion.split('.')[0]) >= oldest
    ? { ok: true, text: `Node ${nodeVersion}` }
    : { ok: false, text: `Expected Node ${oldest} or newer, got ${nodeVersion}: install it from nodejs.org.` }
}
