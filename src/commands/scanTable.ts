import { escapeControls } from '../logging/escapeControls.js'
import type { ScannedDevice } from './scannedDevice.js'
import { signalBar } from './signalBar.js'
import { textTable } from './textTable.js'

const longestName = 24

/** Draws devices as aligned columns, what a narrow terminal may cut off last; `now` in milliseconds since the epoch. Names come off the air: they are escaped and cut. */
export function scanTable(devices: readonly ScannedDevice[], now: number): string {
  const rows = devices.map((device) => [
    escapeControls(device.localName ?? '-').slice(0, longestName),
    device.model ?? '?',
    device.rssi === undefined ? '' : `${device.rssi} ${signalBar(device.rssi)}`,
    `${Math.max(0, Math.round((now - device.at) / 1000))} s`,
    `${device.count}`,
    [...Object.values(device.readings), ...(device.error ? ['invalid values'] : [])].join(', '),
    [...(device.inAdvertisement ? ['adv'] : []), ...(device.inScanResponse ? ['scan rsp'] : [])].join(', '),
    escapeControls(device.address),
  ])
  const header = ['name', 'model', 'dBm', 'age', 'count', 'readings', 'reading in', 'address']
  return textTable([header, ...rows], ['dBm', 'age', 'count'])
}
