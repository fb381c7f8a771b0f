// The pipeline alone, against a loop that does the same without RxJS: µs per reading, and bytes per further device.
import { Subject } from 'rxjs'
import { goveeSensor } from '../../dist/index.js'
import { decodeGovee } from '../../dist/govee/decodeGovee.js'
import { refreshable } from '../../dist/operators/refreshable.js'
import { outbox } from '../../dist/operators/outbox.js'
import { NEVER, concat, of } from 'rxjs'
import { advertisements } from './advertisements.js'

let sum = 0
const use = (reading) => (sum += reading.destination.length)

function plainLoop() {
  const devices = new Map()
  const latest = new Map()
  return (packet) => {
    const measurement = decodeGovee(packet)
    let topics = devices.get(packet.address)
    if (!topics) {
      topics = ['temp_c', 'temp_f', 'humi', 'battery', 'rssi'].map(
        (name) => `govee/${packet.localName}/${name}`,
      )
      devices.set(packet.address, topics)
    }
    const { temperature_c, humidity, battery } = measurement
    const values = [temperature_c, Math.round(temperature_c * 18 + 320) / 10, humidity, battery, packet.rssi]
    for (let index = 0; index < 5; index += 1) {
      const reading = { destination: topics[index], value: values[index] }
      latest.set(reading.destination, reading)
      use(reading)
    }
  }
}

function rxjs() {
  const packets$ = new Subject()
  goveeSensor(packets$, { destination: 'govee' })
    .pipe(refreshable(NEVER), outbox(concat(of(true), NEVER)))
    .subscribe(use)
  return (packet) => packets$.next(packet)
}

function time(make, packets, rounds) {
  const send = make()
  for (const packet of packets) send(packet)
  const begin = process.hrtime.bigint()
  for (let round = 0; round < rounds; round += 1) for (const packet of packets) send(packet)
  return Number(process.hrtime.bigint() - begin) / 1000 / (rounds * packets.length * 5)
}

function memory(devices) {
  const send = rxjs()
  send(advertisements(1, 1)[0])
  globalThis.gc()
  const before = process.memoryUsage().heapUsed
  // One by one, so that the packets themselves are not counted.
  for (let device = 1; device <= devices; device += 1) send(advertisements(device + 1, device + 1)[device])
  globalThis.gc()
  const bytes = (process.memoryUsage().heapUsed - before) / devices
  send(advertisements(1, 1)[0])
  return bytes
}

const one = advertisements(1, 10_000)
const many = advertisements(10_000, 10_000)
const rounds = Number(process.argv[2] ?? 20)
console.log(
  JSON.stringify({
    plain: time(plainLoop, one, rounds),
    rxjs: time(rxjs, one, rounds),
    plainMany: time(plainLoop, many, rounds),
    rxjsMany: time(rxjs, many, rounds),
    bytesPerDevice: memory(1000),
    sum,
  }),
)
