import { bluetoothRadio, goveeSensor, mqttConnection, onlyChanges, report } from 'sensor-reporter'

const { advertisements$ } = bluetoothRadio(console)
const rooms$ = goveeSensor(advertisements$, { destination: 'govee' })

const broker = { host: 'localhost', port: 1883, login: { user: 'home', password: 'secret' } }
const home = mqttConnection(
  { ...broker, name: 'home', client: 'rooms', rootTopic: 'home', keepalive: 60_000 },
  console,
)

report({ sensors: [rooms$.pipe(onlyChanges(3_600_000))], connections: [home] }).subscribe()
