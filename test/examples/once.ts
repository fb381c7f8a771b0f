import { of } from 'rxjs'
import { mqttConnection, report } from 'sensor-reporter'

const reading = { destination: 'attic/temp_c', value: 21.5 }
const home = mqttConnection({ host: 'localhost', rootTopic: 'home' })

report({ sensors: [of(reading)], connections: [home] }).subscribe({
  error: (error: unknown) => {
    console.error(String(error))
    process.exitCode = 1
  },
})
