import { escapeControls } from '../logging/escapeControls.js'
import { scanAdvice } from './scanAdvice.js'
import type { ScannedDevice } from './scannedDevice.js'
import { scanTable } from './scanTable.js'

export interface ScanScreen {
  readonly devices: readonly ScannedDevice[]
  /** All packets, whoever sent them. */
  readonly heard: number
  /** The last lines of the log. */
  readonly log: readonly string[]
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** What scan shows, as lines: the table, what the owners of some devices should know, and the last lines of the log. */
export function scanScreen({ devices: unsorted, heard, log, now }: ScanScreen): string[] {
  const devices = unsorted.toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))
  const advice = devices.flatMap((device) =>
    scanAdvice(device).map(
      (sentence) => `${escapeControls(device.localName ?? device.address)} ${sentence}.`,
    ),
  )
  return [
    `Govee devices: ${devices.length}; packets heard from them and others: ${heard}`,
    '',
    ...(devices.length > 0 ? scanTable(devices, now).split('\n') : ['Nothing yet.']),
    ...(advice.length > 0 ? ['', ...advice] : []),
    ...(log.length > 0 ? ['', ...log] : []),
  ]
}

const sortKey = ({ localName = '~', address }: ScannedDevice) => `${localName} ${address}`
