import { filter, groupBy, map, mergeMap, type Observable, toArray, windowTime } from 'rxjs'
import { bluetoothRadio, goveeReports, mqttConnection, report } from 'sensor-reporter'
import type { Report, Sensor } from 'sensor-reporter'

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value) / values.length

/** The average temperature of every room, once a minute. */
export const averages = (reports$: Observable<Report>): Sensor =>
  reports$.pipe(
    windowTime(60_000),
    mergeMap((minute$) => minute$.pipe(groupBy(({ device }) => device))),
    mergeMap((room$) =>
      room$.pipe(
        map(({ measurement }) => measurement.temperature_c),
        filter((celsius) => celsius !== undefined),
        toArray(),
        filter((all) => all.length > 0),
        map((all) => ({ destination: `${room$.key}/temp_c`, value: mean(all), decimals: 2 })),
      ),
    ),
  )

const rooms$ = goveeReports(bluetoothRadio(console).advertisements$, { destination: 'govee' })
const home = mqttConnection({ host: 'localhost', rootTopic: 'home' })
if (process.argv[1] === import.meta.filename)
  report({ sensors: [averages(rooms$)], connections: [home] }).subscribe()
