import { govee } from '../../lib/ble/formats/govee/govee.js'
import { deviceReports } from '../../lib/ble/reports.js'
import { deliveryCounts } from '../../lib/delivery/deliveries.js'
import { deliveries } from '../../lib/delivery/deliveries.js'
import { newest } from '../../lib/memory.js'

/** From a packet to its readings, the latest of each and what may leave: what the operators do, with no RxJS. */
export function plainLoop(use) {
  const reportOf = deviceReports({ formats: [govee], destination: 'govee' })
  const heard = new Map()
  const latest = newest(100_000)
  const parcels = deliveries({
    preset: {},
    limit: 100_000,
    window: 100,
    slice: 100,
    counts: deliveryCounts(),
  })
  parcels.become('open')
  return (advertisement) => {
    const report = reportOf(advertisement)
    if (!report) return
    heard.set(report.device, Date.now())
    for (const reading of report.readings) {
      latest.put(reading.destination, reading)
      if (parcels.offer(reading)) use(reading)
    }
  }
}
