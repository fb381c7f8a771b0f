import { defer, filter, map, type OperatorFunction } from 'rxjs'
import type { Advertisement } from '../bluetooth/advertisement.js'
import { decodeGovee } from './decodeGovee.js'
import type { DeviceReport } from './deviceReport.js'
import { goveeDevices } from './goveeDevices.js'
import { goveeReadings } from './goveeReadings.js'

/** Makes a report of every packet that holds a measurement, with the topics of the device it came from. */
export function goveeReports(
  destination: string,
  chosen?: Readonly<Record<string, string>>,
): OperatorFunction<Advertisement, DeviceReport> {
  return (advertisements$) =>
    defer(() => {
      const topicsOf = goveeDevices(destination, chosen)
      return advertisements$.pipe(
        map((advertisement) => {
          const measurement = decodeGovee(advertisement)
          const topics = measurement && topicsOf(advertisement, measurement.model)
          if (!topics) return undefined
          return { device: topics.prefix, readings: goveeReadings(measurement, topics, advertisement) }
        }),
        filter((report) => report !== undefined),
      )
    })
}
