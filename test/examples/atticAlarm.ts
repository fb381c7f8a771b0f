import { map } from 'rxjs'
import { bluetoothRadio, goveeSensor, localConnection, mqttConnection, report } from 'sensor-reporter'
import type { Actuator } from 'sensor-reporter'

const rooms$ = goveeSensor(bluetoothRadio(console).advertisements$, {
  destination: 'govee',
  devices: { 'a4:c1:38:11:22:33': 'attic' },
})
const home = mqttConnection({ host: 'localhost', rootTopic: 'home' })

/** Commands ON when the attic has been hotter than 35 °C for ten minutes, OFF as soon as it is not. */
export const tooHot = localConnection(
  { name: 'alarm', commandSources: ['attic/temp_c'], onGt: 35, hold: 600_000 },
  console,
)

/** Takes the commands. This one only says so, on `home/attic/alarm`; yours may ring a bell. */
export const siren: Actuator = (commands$) =>
  commands$.pipe(map(({ payload }) => ({ destination: 'attic/alarm', value: payload })))

// Until here nothing has happened. Subscribing starts it: the radio listens, the client connects.
if (process.argv[1] === import.meta.filename)
  report({ sensors: [rooms$], connections: [home, tooHot], actuators: [siren] }).subscribe()
