import { filter, map, of } from 'rxjs'
import { goveeSensor, type Reading, type Sensor } from 'sensor-reporter'
import { advertisement } from 'sensor-reporter/testing'

const packet = advertisement({ model: 'H5075', temperature: -7.3, humidity: 48.1 })
const attic$: Sensor = goveeSensor(of(packet), {
  destination: 'govee',
  devices: { [packet.address]: 'attic' },
})

attic$
  .pipe(
    filter(({ destination }: Reading) => destination.endsWith('temp_c')),
    map(({ destination, value }) => `${destination} ${value}`),
  )
  .subscribe({ next: (line) => console.log(line), error: console.error })
