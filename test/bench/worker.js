// One measurement in a process of its own: node worker.js VARIANT PORT COUNT RATE. Prints its figures as one JSON line.
import { connect as connectSocket } from 'node:net'
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises'
import { connect } from 'mqtt'
import { Subject } from 'rxjs'
import { goveeSensor, mqttConnection, report } from '../../dist/index.js'
import { advertisements } from './advertisements.js'

const [variant, port, count, rate] = [process.argv[2], ...process.argv.slice(3).map(Number)]
const names = ['temp_c', 'temp_f', 'humi', 'battery', 'rssi']
const quiet = { debug() {}, info() {}, warn: console.error, error: console.error }
const packets = advertisements(1, 1000)
const now = () => Number(process.hrtime.bigint()) / 1e6

/** Each variant resolves, once it is connected, to what sends the five readings of packet n. */
const variants = {
  bare: async () => {
    const client = connect({ host: '127.0.0.1', port })
    await new Promise((resolve) => client.once('connect', resolve))
    return {
      send: (n) => {
        for (const name of names) client.publish(`bench/govee/GVH5075_0000/${name}`, `${20 + (n % 100) / 10}`)
      },
    }
  },
  encoded: async () => {
    const socket = connectSocket(port, '127.0.0.1').setNoDelay()
    socket.write(Buffer.from('100c00044d5154540402003c0000', 'hex'))
    await new Promise((resolve) => socket.once('data', resolve))
    const block = Buffer.concat(
      names.map((name) => {
        const body = Buffer.from(`\0\0bench/govee/GVH5075_0000/${name}21.7`)
        body.writeUInt16BE(body.length - 6)
        return Buffer.concat([Buffer.from([0x30, body.length]), body])
      }),
    )
    return { send: () => socket.write(block) }
  },
  ours: async () => {
    const packets$ = new Subject()
    const connection = mqttConnection(
      { name: 'bench', client: 'bench', host: '127.0.0.1', port, keepalive: 60_000, rootTopic: 'bench' },
      { ...quiet, info: () => ready() },
    )
    let ready
    const connected = new Promise((resolve) => (ready = resolve))
    report({
      sensors: [goveeSensor(packets$, { destination: 'govee' })],
      connections: [connection],
    }).subscribe()
    await connected
    // ONLINE is on its way; readings pass once it is acknowledged.
    await pause(200)
    return { send: (n) => packets$.next(packets[n % packets.length]) }
  },
}

const { send } = await variants[variant]()
const sent = []
const cpu = process.cpuUsage()
const begin = now()
for (let n = 0; n < count; n += 1) {
  if (rate) {
    const due = begin + (n * 1000) / rate
    // Timers round up to whole milliseconds, so a fast rate comes in small bursts, as from a radio.
    if (due - now() >= 1) await pause(due - now())
    sent.push(now())
  } else if (n % 100 === 99) await turn()
  send(n)
}
const { user, system } = process.cpuUsage(cpu)
console.log(JSON.stringify({ begin, end: now(), cpu: user + system, sent, rss: process.memoryUsage.rss() }))
process.stdin.resume().on('end', () => process.exit())
