import { decodeGovee } from '../../lib/govee/decodeGovee.js'
import { goveeDevices } from '../../lib/govee/goveeDevices.js'
import { goveeReadings } from '../../lib/govee/goveeReadings.js'
import { isTorn } from '../../lib/govee/isTorn.js'
import { packedUnits } from '../../lib/govee/packedUnits.js'
import { placeOf } from '../../lib/govee/placeOf.js'

/** From a packet to its readings and the latest of each, with the functions that the operators use, and no RxJS. */
export function plainLoop(use) {
  const names = new Map()
  const latest = new Map()
  const deviceOf = goveeDevices('govee')
  return (advertisement) => {
    const { address, localName, at } = advertisement
    const known = names.get(address)
    if (!known || at - known.at > 1000) names.set(address, { localName, at })

    const measurement = decodeGovee(advertisement)
    if (!measurement) return
    const device = deviceOf(advertisement, measurement.model)
    const place = placeOf(measurement)
    const units = packedUnits(measurement)
    const last = device.packed[place]
    if (last && isTorn(units, last.units)) return
    device.packed[place] = { units, held: false }

    for (const reading of goveeReadings({ advertisement, measurement, device })) {
      latest.set(reading.destination, reading)
      use(reading)
    }
  }
}
