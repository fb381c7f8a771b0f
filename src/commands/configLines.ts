import { deviceLevel } from '../govee/deviceLevel.js'
import type { ScannedDevice } from './scannedDevice.js'

/** The parameters of a GoveeSensor that reports just these devices, each under its own name; none for none. */
export function configLines(devices: readonly ScannedDevice[]): string[] {
  const taken = new Set<string>()
  const lines = devices.flatMap(({ model, ...device }) => {
    if (model === undefined) return []
    const level = deviceLevel({ ...device, model }, taken)
    taken.add(level)
    return [`Address${taken.size} = ${device.address}`, `Destination${taken.size} = ${level}`]
  })
  if (lines.length === 0) return []
  return [
    'To report only these, put into the section of the GoveeSensor (and choose the destinations):',
    '',
    ...lines,
  ]
}
