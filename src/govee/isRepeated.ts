import type { Advertisement } from '../bluetooth/advertisement.js'
import { companyId } from './companyId.js'
import type { Observation } from './observation.js'

/** More than one, because packets of two adapters overtake each other; few, because counters start over. */
const noncesKept = 8

/** Whether its device has sent this encrypted packet before: each event is on the air many times, under one nonce. */
export function isRepeated({ advertisement, device }: Observation): boolean {
  const nonce = nonceOf(advertisement)
  if (nonce === undefined) return false
  if (device.nonces.includes(nonce)) return true
  device.nonces = [nonce, ...device.nonces].slice(0, noncesKept)
  return false
}

function nonceOf({ manufacturerData }: Advertisement): number | undefined {
  for (const record of manufacturerData) {
    if (companyId(record) === 0xef88 && record.length === 26) {
      return new DataView(record.buffer, record.byteOffset).getUint32(4)
    }
  }
  return undefined
}
