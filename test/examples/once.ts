import { of } from 'rxjs'
import { mqttConnection, report } from 'sensor-reporter'

const reading = { destination: 'attic/temp_c', value: 21.5 }
const home = mqttConnection({ host: 'localhost', rootTopic: 'home' })

report({ sensors: [of(reading)], connections: [home] }).subscribe({
  error: (error: Error) => {
    console.error(error.message)
    process.exitCode = 1
  },
})
