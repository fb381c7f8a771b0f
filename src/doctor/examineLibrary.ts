import { radioError } from '../bluetooth/radioError.js'
import type { Finding } from './finding.js'
import type { Machine } from './machine.js'

/** Whether the Bluetooth library is installed, and built for this Node. */
export function examineLibrary({ loadBluetooth }: Machine): Finding {
  try {
    return { ok: true, text: `noble ${loadBluetooth().version} is installed and built` }
  } catch (error) {
    return { ok: false, text: radioError(error).message }
  }
}
