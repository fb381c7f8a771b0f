import { writeFileSync } from 'node:fs'
import { combineLatest, distinctUntilChanged, filter, map, pipe, scan, share, tap } from 'rxjs'
import { bluetoothRadio, goveeReports, localConnection, report } from 'sensor-reporter'
import type { Actuator, Report, Sensor } from 'sensor-reporter'

const celsius = ({ measurement }: Report) => measurement.temperature_c ?? NaN
/** ON when the attic is more than 3 °C warmer than it is outside, OFF when that has come down to 1 °C. */
export function airing(reports$: ReturnType<typeof goveeReports>): Sensor {
  const at = (room: string) => reports$.pipe(filter(({ device }) => device === room))
  return combineLatest([at('attic'), at('outside')]).pipe(
    scan((on, [attic, outside]) => celsius(attic) - celsius(outside) > (on ? 1 : 3), false),
    distinctUntilChanged(),
    map((on) => ({ destination: 'fan', value: on ? 'ON' : 'OFF' })),
  )
}

/** Switches what the kernel has as a file, such as a pin of a Pi. */
export const fan = (file: string): Actuator =>
  pipe(
    tap(({ payload }) => writeFileSync(file, payload === 'ON' ? '1' : '0')),
    map(({ payload }) => ({ destination: 'fan/is', value: payload })),
  )

const devices = { 'a4:c1:38:11:22:33': 'attic', 'a4:c1:38:44:55:66': 'outside' }
const { advertisements$ } = bluetoothRadio(console)
const rooms$ = goveeReports(advertisements$, { destination: 'govee', devices }).pipe(share())
export const local = localConnection({ commandSources: ['fan'] })
const actuators = [fan('/sys/class/leds/fan/brightness')]
if (process.argv[1] === import.meta.filename)
  report({ sensors: [airing(rooms$)], connections: [local], actuators }).subscribe()
