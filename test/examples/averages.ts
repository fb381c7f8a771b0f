import { filter, groupBy, map, mergeMap, toArray, windowTime } from 'rxjs'
import { bluetoothRadio, goveeSensor, mqttConnection, report, type Sensor } from 'sensor-reporter'

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value) / values.length

/** The average temperature of every room, once a minute. */
export const averages = (readings$: Sensor): Sensor =>
  readings$.pipe(
    filter(({ destination }) => destination.endsWith('/temp_c')),
    windowTime(60_000),
    mergeMap((minute$) => minute$.pipe(groupBy(({ destination }) => destination))),
    mergeMap((room$) =>
      room$.pipe(
        map(({ value }) => Number(value)),
        toArray(),
        map((values) => ({ destination: room$.key, value: mean(values), decimals: 2 })),
      ),
    ),
  )

const rooms$ = goveeSensor(bluetoothRadio(console).advertisements$, { destination: 'govee' })
const home = mqttConnection(
  { name: 'home', client: 'averages', host: 'localhost', port: 1883, keepalive: 60_000, rootTopic: 'home' },
  console,
)
if (process.argv[1] === import.meta.filename)
  report({ sensors: [averages(rooms$)], connections: [home] }).subscribe()
