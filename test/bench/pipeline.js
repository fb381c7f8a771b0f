// The pipeline alone, all but the MQTT client, against a loop that does the same without RxJS: µs per reading, and bytes
// per further device. node --expose-gc pipeline.js ROUNDS, bundled as the program is
import { BehaviorSubject, concat, identity, ignoreElements, NEVER, of, Subject, tap } from 'rxjs'
import { bleSensor, goveeSensor } from '../../lib/ble/bleSensor.js'
import { payload } from '../../lib/model.js'
import { homeAssistant } from '../../lib/mqtt/homeAssistant.js'
import { topicsBelow } from '../../lib/mqtt/outgoing.js'
import { outbox } from '../../lib/operators/outbox.js'
import { refreshable } from '../../lib/operators/refreshable.js'
import { report } from '../../lib/report.js'
import { advertisements } from './advertisements.js'
import { plainLoop } from './plainLoop.js'

let sum = 0
function publisher() {
  const topicOf = topicsBelow('bench', console)
  return (reading) => (sum += topicOf(reading.destination).length + payload(reading).length)
}

function plain() {
  return plainLoop(publisher())
}

function rxjs(announced = identity, sensor = goveeSensor) {
  const packets$ = new Subject()
  const connection = (readings$) =>
    readings$.pipe(
      announced,
      refreshable(NEVER),
      outbox(concat(of('open'), NEVER)),
      tap(publisher()),
      ignoreElements(),
    )
  const sensor$ = sensor(packets$, { destination: 'govee', expire: 600_000 })
  report({ sensors: [sensor$], connections: [connection] }).subscribe()
  return (packet) => packets$.next(packet)
}

/** With the formats of all brands. */
const allFormats = () => rxjs(identity, bleSensor)

/** With documents for Home Assistant. */
function announcing() {
  const settled$ = new BehaviorSubject({
    reading: { destination: 'homeassistant/device/sr_bench/config' },
    isTaken: true,
  })
  const publishing = { rootTopic: 'bench', client: 'bench' }
  return rxjs(
    homeAssistant({ publishing, link$: NEVER, settled$, repeat() {}, log: console, confirmation: 0 }),
  )
}

/** What passes by a house: phones, watches, beacons, with names and without. */
const strangers = [
  { manufacturerData: ['4c000215655f83caae16a10a702e31f30d58dd82f644000064'] },
  { manufacturerData: ['4c0010050b182068dd'], localName: 'Watch' },
  { manufacturerData: ['060001092002ac6d90ec0132b3204cd39c7ced3e48436ba15dc6314778'] },
  { manufacturerData: ['7500420401806070b5b0a1c0d2e0f0a1b2c3d4e5f60718293a4b'], serviceUuids: ['fd5a'] },
  { serviceData: [{ uuid: 'fd6f', data: Buffer.alloc(20, 7) }], serviceUuids: ['fd6f'] },
].map(({ manufacturerData = [], serviceData = [], serviceUuids = [], ...others }, number) => ({
  address: `5c:00:00:00:00:0${number}`,
  rssi: -80,
  serviceUuids,
  serviceData,
  manufacturerData: manufacturerData.map((hex) => Buffer.from(hex, 'hex')),
  ...others,
}))

/** A sensor that is to find nothing in them. */
const passing = (sensor) => () => {
  const packets$ = new Subject()
  sensor(packets$, { destination: 'air' }, { info() {}, warn() {} }).subscribe()
  return (packet) => packets$.next(packet)
}

function time(make, packets, rounds) {
  const send = make()
  for (let round = 0; round < 2; round += 1) packets.forEach(send)
  const { user } = process.cpuUsage()
  for (let round = 0; round < rounds; round += 1) packets.forEach(send)
  return (process.cpuUsage().user - user) / (rounds * packets.length * 5)
}

/** The median of paired rounds. */
function ratio(make, against, packets, rounds) {
  const ratios = Array.from({ length: 7 }, () => time(make, packets, rounds) / time(against, packets, rounds))
  return ratios.sort((one, other) => one - other)[3]
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
const hundred = advertisements(100, 10_000)
const many = advertisements(10_000, 10_000)
const crowd = Array.from({ length: 10_000 }, (_, number) => strangers[number % strangers.length])
const rounds = Number(process.argv[2] ?? 20)
console.log(
  JSON.stringify({
    plain: time(plain, one, rounds),
    rxjs: time(rxjs, one, rounds),
    rxjsHundred: time(rxjs, hundred, rounds),
    announcing: ratio(announcing, rxjs, hundred, rounds),
    allFormats: ratio(allFormats, rxjs, hundred, rounds),
    plainMany: time(plain, many, rounds),
    rxjsMany: time(rxjs, many, rounds),
    bytesPerDevice: memory(1000),
    strangers: ratio(passing(bleSensor), passing(goveeSensor), crowd, rounds),
    sum,
  }),
)
// Every device has a timer that would say in ten minutes that it is gone.
process.exit()
