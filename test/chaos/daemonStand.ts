import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defer, filter, repeat, tap, timer } from 'rxjs'
import { onTestFinished } from 'vitest'
import { temporaryFolder } from '../support/temporaryFolder.js'
import { program, temporaryFile } from '../support/program.js'
import { book } from './book.js'
import { bookkeeping, type NumberOf } from './bookkeeping.js'
import { brokerAndCounter } from './brokerAndCounter.js'
import type { Seeded } from './seeded.js'
import type { StandOptions } from './stand.js'
import { wire } from './wire.js'

const sensors = ['Govee_H5074_0001', 'Govee_H5074_0002', 'Govee_H5074_0003']
const kinds = ['temp_c', 'humi']

/** A packet of a sensor that says the number in hundredths, of a degree and of a percent, as a line for `--replay -`. */
function packet(sensor: string, number: number): string {
  const [digits, value] = [sensor.slice(-2), Buffer.alloc(2)]
  value.writeInt16LE(number)
  const hundredths = value.toString('hex')
  return JSON.stringify({
    address: `e3:60:59:00:00:${digits}`,
    rssi: -50,
    event: 'adv_ind',
    localName: sensor,
    serviceUuids: ['ec88'],
    manufacturerData: `88ec00${hundredths}${hundredths}6402`,
  })
}

const numberOf: NumberOf = (topic, payload) =>
  kinds.some((kind) => topic.endsWith(`/${kind}`)) ? Math.round(Number(payload.toString()) * 100) : undefined

const configuration = (port: number, spool: string) => `
[Connection1]
Class = mqtt.mqtt_conn.MqttConnection
Name = MQTT
Client = daemon
User =
Password =
Host = 127.0.0.1
Port = ${port}
Keepalive = 1
RootTopic = root
QoS = 1
Offline = all
Spool = ${spool}

[Sensor1]
Class = govee.govee_sensor.GoveeSensor
Destination = govee
`

/** The built program with QoS = 1, Offline = all and a Spool, that hears some twenty packets a second, as a victim of chaos. */
export async function daemonStand(
  { measure = 'arrived', broker: brokerOptions = {} }: StandOptions,
  random: Seeded,
) {
  const ledger = book(measure)
  const broker = await brokerAndCounter(ledger, numberOf, brokerOptions)
  const between = await wire(broker.port, bookkeeping(ledger, numberOf))
  const file = temporaryFile('daemon.ini', configuration(between.port, join(temporaryFolder(), 'spool')))
  const start = () => {
    const started = program(['run', file, '--replay', '-'])
    // What is typed when it has just been killed.
    started.child.stdin.on('error', () => undefined)
    return started
  }
  let daemon = start()
  await daemon.until(/connected/)
  let hears = true
  const readings = defer(() => timer(random.between(10, 90)))
    .pipe(
      repeat(),
      filter(() => hears),
      tap(() => {
        const sensor = sensors[random.below(sensors.length)] ?? ''
        const [number = 0] = kinds.map((kind) => ledger.offer(`root/govee/${sensor}/${kind}`))
        daemon.say(packet(sensor, number))
      }),
    )
    .subscribe()
  onTestFinished(() => readings.unsubscribe())
  return {
    book: ledger,
    broker,
    wire: between,
    random,
    /** Kills it with -9 and starts it again; sensors are silent until it is `connected`. */
    restart: async () => {
      hears = false
      const gone = once(daemon.child, 'exit')
      daemon.child.kill('SIGKILL')
      ledger.killed()
      daemon = start()
      await gone
    },
    connected: async () => {
      await daemon.until(/connected/)
      hears = true
    },
    /** The most memory that it had, bytes. */
    peak: () =>
      Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${daemon.child.pid}/status`, 'utf8'))?.[1]) * 1024,
    end: () => readings.unsubscribe(),
  }
}

export type DaemonStand = Awaited<ReturnType<typeof daemonStand>>
