import { escapeControls } from '../logging/escapeControls.js'
import type { ScannedDevice } from './scannedDevice.js'

/** A device as one line, for who reads them one by one. */
export const scanLine = ({ address, localName, model, rssi, readings }: ScannedDevice): string =>
  [
    address,
    localName ?? '-',
    model ?? '?',
    ...(rssi === undefined ? [] : [`${rssi} dBm`]),
    ...Object.values(readings),
  ]
    .map(escapeControls)
    .join('  ')
