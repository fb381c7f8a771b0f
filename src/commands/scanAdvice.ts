import type { ScannedDevice } from './scannedDevice.js'

/** dBm; below it packets get lost. */
const faint = -90
/** Percent. */
const low = 10

/** What the owner of a device should know or do, a sentence each; nothing for one that is well. */
export function scanAdvice({
  model,
  rssi = 0,
  battery = 100,
  inAdvertisement,
  inScanResponse,
  error,
  unknown,
}: ScannedDevice): string[] {
  const advice = {
    'sends its reading in the scan response only: it needs active scanning, which this program does':
      inScanResponse && !inAdvertisement,
    'has sent no reading yet: some models do so only when asked, so give it a minute, or bring it nearer':
      model === undefined && unknown === undefined,
    [`looks like Govee's but is not known: please report its name and these bytes: ${unknown ?? ''}`]:
      model === undefined && unknown !== undefined,
    'says that its values are invalid: check its batteries and, where it has one, its other part': error,
    [`has a low battery (${battery} %): change it soon`]: battery <= low,
    [`is heard faintly (${rssi} dBm): bring it and the receiver nearer to each other`]: rssi < faint,
  }
  return Object.entries(advice).flatMap(([sentence, applies]) => (applies ? [sentence] : []))
}
