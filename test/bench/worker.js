// One measurement in a process of its own: node worker.js VARIANT PORT COUNT RATE DEVICES; rate 0 is as fast as it goes.
// Prints its figures as one JSON line.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { readFileSync } from 'node:fs'
import { connect as connectSocket } from 'node:net'
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises'
import { connect } from 'mqtt'
import { NEVER, of, Subject } from 'rxjs'
import { daemon, load, webConnection } from '../../lib/index.js'
import { advertisements } from './advertisements.js'

const [variant, port, count, rate, devices] = [process.argv[2], ...process.argv.slice(3).map(Number)]
const names = ['temp_c', 'temp_f', 'humi', 'battery', 'rssi']
const packets = advertisements(devices, 10_000)
const now = () => Number(process.hrtime.bigint()) / 1e6

let readers

/** Each variant resolves, once it is connected, to what sends the five readings of packet n. */
const variants = {
  bare: async () => {
    const client = connect({ host: '127.0.0.1', port })
    await new Promise((resolve) => client.once('connect', resolve))
    return (n) => {
      for (const name of names) client.publish(`bench/govee/GVH5075_0000/${name}`, `${20 + (n % 100) / 10}`)
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
    return () => socket.write(block)
  },
  // The configuration that ships, with the radio in our hands.
  ours: () => ours(),
  // The same with a page that is open ten times.
  pages: async () => {
    let listening
    const isListening = new Promise((resolve) => (listening = resolve))
    const log = {
      debug() {},
      info: (text) => listening(/:(\d+)\//.exec(text)[1]),
      warn: console.error,
      error: console.error,
    }
    const send = await ours([webConnection({ name: null, port: 0 }, log)])
    readers = fork(fileURLToPath(new URL('pageReaders.js', import.meta.url)), [await isListening])
    await once(readers, 'message')
    return send
  },
}

async function ours(pages = []) {
  const file = fileURLToPath(new URL('../../config/sensor_reporter.ini', import.meta.url))
  const text = readFileSync(file, 'utf8').replace('Port = 1883', `Port = ${port}`)
  const packets$ = new Subject()
  let connected
  const isConnected = new Promise((resolve) => (connected = resolve))
  const log = { debug() {}, info: () => connected(), warn: console.error, error: console.error }
  const { reporter, problems } = await load(text, {
    file,
    env: {},
    radio: () => ({ advertisements$: packets$, state$: NEVER }),
    getLogger: () => log,
  })
  if (!reporter) throw new Error(JSON.stringify(problems))
  daemon(of({ ...reporter, connections: [...reporter.connections, ...pages] }), NEVER).subscribe()
  await isConnected
  return (n) => packets$.next(packets[n % packets.length])
}

const send = await variants[variant]()
// ONLINE is on its way; readings pass once it is acknowledged.
await pause(200)
/** Sends as fast as it goes, but lets the sockets have their turn. */
async function sendMany(many) {
  for (let n = 0; n < many; n += 1) {
    if (n % 100 === 99) await turn()
    send(n)
  }
}
/** Timers round up to whole milliseconds, so a fast rate comes in small bursts, as from a radio. */
async function sendEvenly() {
  const sent = []
  for (let n = 0; n < count; n += 1) {
    const due = begin + (n * 1000) / rate
    if (due - now() >= 1) await pause(due - now())
    sent.push(now())
    send(n)
  }
  return sent
}

// A daemon runs for years: it is warm.
const warm = 10_000
await sendMany(warm)
/** How long readings took to come to a page since it was asked last. */
async function delaysOnPage() {
  if (!readers) return undefined
  readers.send('delays')
  const [{ delays }] = await once(readers, 'message')
  return delays
}
if (readers) await pause(500)
await delaysOnPage()
const cpu = process.cpuUsage()
const begin = now()
const sent = rate ? await sendEvenly() : await sendMany(count)
const { user, system } = process.cpuUsage(cpu)
const end = now()
if (readers) await pause(300)
const onPage = await delaysOnPage()
const rss = process.memoryUsage.rss()
readers?.disconnect()
console.log(JSON.stringify({ begin, end, cpu: user + system, warm, sent, onPage, rss }))
process.stdin.resume().on('end', () => process.exit())
