import { Subject } from 'rxjs'
const { bleSensor, goveeSensor } = await import(process.env.LIB ? process.env.LIB + '/ble/bleSensor.js' : '../../lib/ble/bleSensor.js')
import { advertisements } from './advertisements.js'
const strangers = [
  { manufacturerData: ['4c000215655f83caae16a10a702e31f30d58dd82f644000064'] },
  { manufacturerData: ['4c0010050b182068dd'], localName: 'Watch' },
  { manufacturerData: ['060001092002ac6d90ec0132b3204cd39c7ced3e48436ba15dc6314778'] },
  { manufacturerData: ['7500420401806070b5b0a1c0d2e0f0a1b2c3d4e5f60718293a4b'], serviceUuids: ['fd5a'] },
  { serviceData: [{ uuid: 'fd6f', data: Buffer.alloc(20, 7) }], serviceUuids: ['fd6f'] },
].map(({ manufacturerData = [], serviceData = [], serviceUuids = [], ...others }, number) => ({
  address: `5c:00:00:00:00:0${number}`, rssi: -80, serviceUuids, serviceData,
  manufacturerData: manufacturerData.map((hex) => Buffer.from(hex, 'hex')), ...others,
}))
const make = (sensor) => { const p$ = new Subject(); sensor(p$, { destination: 'air' }, { info() {}, warn() {}, debug() {} }).subscribe(); return (p) => p$.next(p) }
const crowd = Array.from({ length: 10_000 }, (_, n) => strangers[n % strangers.length])
const hundred = advertisements(100, 10_000)
const run = (send, packets, rounds) => { const { user } = process.cpuUsage(); for (let r = 0; r < rounds; r++) packets.forEach(send); return (process.cpuUsage().user - user) / rounds / packets.length }
for (const [name, packets, rounds] of [['strangers', crowd, 20], ['own', hundred, 4]]) {
  const [all, one] = [make(bleSensor), make(goveeSensor)]
  run(all, packets, 10); run(one, packets, 10)
  const ratios = [], a = [], b = []
  for (let i = 0; i < 15; i++) { let x, y; if (i % 2) { x = run(all, packets, rounds); y = run(one, packets, rounds) } else { y = run(one, packets, rounds); x = run(all, packets, rounds) } ratios.push(x / y); a.push(x); b.push(y) }
  const med = (l) => l.toSorted((p, q) => p - q)[l.length >> 1]
  console.log(name, 'ratio', med(ratios).toFixed(3), 'min..max', Math.min(...ratios).toFixed(2), Math.max(...ratios).toFixed(2), 'us', med(a).toFixed(3), med(b).toFixed(3))
}
process.exit()
