import { map, mergeMap, type Observable, share } from 'rxjs'
import { bluetoothRadio, goveeReports, mqttConnection, readingsOf, report, supervise } from 'sensor-reporter'
import type { Report, Sensor } from 'sensor-reporter'

/** At how many °C dew falls (Magnus), to a tenth. */
function dewPoint(celsius: number, humidity: number): number {
  const gamma = Math.log(humidity / 100) + (17.62 * celsius) / (243.12 + celsius)
  return Math.round(((243.12 * gamma) / (17.62 - gamma)) * 10) / 10
}

/** What each room reports, and its dew point beside it. */
export const withDewPoint = (reports$: Observable<Report>): Sensor =>
  reports$.pipe(
    map((report) => {
      const { temperature_c, humidity } = report.measurement
      if (temperature_c === undefined || humidity === undefined) return report
      const dew_point_c = dewPoint(temperature_c, humidity)
      return { ...report, measurement: { ...report.measurement, dew_point_c } }
    }),
    mergeMap(readingsOf),
  )

// Who fails is started again, and however many listen, the radio is listened to once.
const radio$ = bluetoothRadio(console).advertisements$
const rooms$ = goveeReports(radio$, { destination: 'govee' }).pipe(supervise(console), share())
const home = mqttConnection({ host: 'localhost', rootTopic: 'home', format: 'json' })
if (process.argv[1] === import.meta.filename)
  report({ sensors: [withDewPoint(rooms$)], connections: [home] }).subscribe()
