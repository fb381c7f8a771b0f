import { writeFileSync } from 'node:fs'
import { combineLatest, distinctUntilChanged, filter, map, scan, tap } from 'rxjs'
import { bluetoothRadio, goveeSensor, localConnection, report } from 'sensor-reporter'
import type { Actuator, Sensor } from 'sensor-reporter'

/** ON when the attic is more than 3 °C warmer than it is outside, OFF when that has come down to 1 °C. */
export function airing(readings$: Sensor): Sensor {
  const at = (topic: string) => readings$.pipe(filter(({ destination }) => destination === topic))
  return combineLatest([at('attic/temp_c'), at('outside/temp_c')]).pipe(
    scan((on, [attic, outside]) => Number(attic.value) - Number(outside.value) > (on ? 1 : 3), false),
    distinctUntilChanged(),
    map((on) => ({ destination: 'fan', value: on ? 'ON' : 'OFF' })),
  )
}

/** Switches what the kernel has as a file, such as a pin of a Pi. */
export const fan =
  (file: string): Actuator =>
  (commands$) =>
    commands$.pipe(
      tap(({ payload }) => writeFileSync(file, payload === 'ON' ? '1' : '0')),
      map(({ payload }) => ({ destination: 'fan/is', value: payload })),
    )

const devices = { 'a4:c1:38:11:22:33': 'attic', 'a4:c1:38:44:55:66': 'outside' }
const rooms$ = goveeSensor(bluetoothRadio(console).advertisements$, { destination: 'govee', devices })
export const local = localConnection({ name: 'local', commandSources: ['fan'] }, console)
const actuators = [fan('/sys/class/leds/fan/brightness')]
if (process.argv[1] === import.meta.filename)
  report({ sensors: [airing(rooms$)], connections: [local], actuators }).subscribe()
