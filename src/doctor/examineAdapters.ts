import { radioError } from '../bluetooth/radioError.js'
import type { Finding } from './finding.js'
import type { Machine } from './machine.js'

/** Whether there are adapters, and each is switched on. Says nothing where the library is missing: that was said. */
export function examineAdapters({ loadBluetooth }: Machine): Finding[] {
  const adapters = list(loadBluetooth)
  if (adapters instanceof Error) return [{ ok: false, text: radioError(adapters).message }]
  if (adapters?.length === 0) return [{ ok: false, text: radioError('ENODEV').message }]
  return (adapters ?? []).map(({ devId, devUp }) =>
    devUp
      ? { ok: true, text: `the adapter hci${devId} is on` }
      : {
          ok: false,
          text: `The adapter hci${devId} is off: run sudo rfkill unblock bluetooth && sudo hciconfig hci${devId} up.`,
        },
  )
}

function list(loadBluetooth: Machine['loadBluetooth']) {
  let library
  try {
    library = loadBluetooth()
  } catch {
    return undefined
  }
  try {
    return library.adapters()
  } catch (error) {
    return error as Error
  }
}
