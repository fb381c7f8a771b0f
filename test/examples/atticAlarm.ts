import { filter, map } from 'rxjs'
import { bluetoothRadio, goveeSensor, mqttConnection, openLogging, report } from 'sensor-reporter'

const log = openLogging({ level: 'INFO', syslog: false, maxSize: 0, numFiles: 0 }).getLogger('attic')

const rooms$ = goveeSensor(bluetoothRadio(log).advertisements$, { destination: 'govee' })
const alarm$ = rooms$.pipe(
  filter(({ destination, value }) => destination.endsWith('/temp_c') && Number(value) > 35),
  map(({ destination }) => ({ destination: `${destination}/alarm`, value: 'HOT' })),
)
const home = mqttConnection(
  { name: 'home', client: 'attic', host: 'localhost', port: 1883, keepalive: 10_000, rootTopic: 'home' },
  log,
)

// Until here nothing has happened. Subscribing starts it: the scan is shared, the client connects.
report({ sensors: [rooms$, alarm$], connections: [home] }).subscribe()
