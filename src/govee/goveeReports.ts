import type { Advertisement } from '../bluetooth/advertisement.js'
import type { Logger } from '../logging/logger.js'
import { decodeGovee } from './decodeGovee.js'
import type { DeviceReport } from './deviceReport.js'
import { goveeDevices } from './goveeDevices.js'
import { goveeReadings } from './goveeReadings.js'
import { isPlausible } from './isPlausible.js'
import { isRepeated } from './isRepeated.js'
import { packetJoiner } from './packetJoiner.js'
import { sayUnknown } from './sayUnknown.js'

/**
 * Makes a function from the packets of Govee devices to what each reports, if it does: below `destination` or, with `chosen`,
 * where it says. What looks like Govee's but cannot be decoded is said in the log, if there is one. All of it is one function
 * because every packet on the air comes by, and most end here.
 */
export function goveeReports(
  destination: string,
  chosen?: Readonly<Record<string, string>>,
  log?: Logger,
): (advertisement: Advertisement) => DeviceReport | undefined {
  const join = packetJoiner()
  const deviceOf = goveeDevices(destination, chosen)
  const say = log && sayUnknown(log)
  return (packet) => {
    const advertisement = join(packet)
    const measurement = decodeGovee(advertisement)
    if (!measurement) {
      say?.(advertisement)
      return undefined
    }
    const device = deviceOf(advertisement, measurement.model)
    if (!device) return undefined
    const observation = { advertisement, measurement, device }
    if (isRepeated(observation) || !isPlausible(observation)) return undefined
    return { device: device.topics.prefix, readings: goveeReadings(observation) }
  }
}
