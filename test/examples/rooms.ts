import { bluetoothRadio, goveeSensor, mqttConnection, onlyChanges, report } from 'sensor-reporter'

const { advertisements$ } = bluetoothRadio(console)
const rooms$ = goveeSensor(advertisements$, { destination: 'govee' })

const login = { user: 'home', password: 'secret' }
const home = mqttConnection({ host: 'localhost', login, rootTopic: 'home' })

report({ sensors: [rooms$.pipe(onlyChanges(3_600_000))], connections: [home] }).subscribe()
