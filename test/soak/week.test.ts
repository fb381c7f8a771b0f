import { setTimeout as pause } from 'node:timers/promises'
import { filter, interval, tap } from 'rxjs'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { textTable } from '../../src/commands/terminal.js'
import { brokerAndCounter } from '../chaos/brokerAndCounter.js'
import { faults } from '../chaos/faults.js'
import { heap } from '../chaos/heap.js'
import { seeded } from '../chaos/seeded.js'
import { wire } from '../chaos/wire.js'
import { startConnection } from '../mqtt/startConnection.js'
import { mosquittoMissing } from '../support/mosquitto.js'

// Time runs about 2000 times as fast, for readings and faults; sockets, keep-alives and pauses are as they are. The whole
// week is `npm run soak`.
const hour = 1700
const days = process.env['SOAK'] ? 7 : 2
const hoursOfDay = process.env['SOAK'] ? 24 : 2
const sensors = 50
const readingsAnHour = 12

const seed = Number(process.env['CHAOS_SEED'] ?? Math.floor(Math.random() * 1e9))
const briefOnes = [
  ...['link cut', 'cut within a packet', 'slow link', 'garbage between packets', 'half-open link'],
  ...['CONNACK refused', 'CONNACK late', 'broker accepts and closes'],
]
const rows: string[][] = []
afterAll(() => {
  const head = ['day', 'offered', 'arrived', 'faults', 'heap MiB', 'sockets', 'timers', 'handles']
  console.log(`seed ${seed}\n${textTable([head, ...rows], head)}`)
})

/** Judges that of each topic every number arrives and none too early, and remembers no more than the next one. */
function sequences() {
  const next = new Map<string, number>()
  let [arrived, wrong] = [0, 0]
  return {
    arrived: (topic: string, number: number) => {
      const expected = next.get(topic) ?? 0
      if (number > expected) wrong += 1
      if (number !== expected) return
      next.set(topic, expected + 1)
      arrived += 1
    },
    figures: () => ({ arrived, wrong }),
  }
}

describe.skipIf(mosquittoMissing)('a week of 50 sensors, with a fault every hour', () => {
  it('loses nothing, and leaves memory and handles as they were', { timeout: 600_000 }, async () => {
    const random = seeded(seed)
    const judge = sequences()
    const numberOf = (topic: string, payload: Buffer) =>
      topic.startsWith('root/sensor') ? Number(payload.toString()) : undefined
    const broker = await brokerAndCounter(judge, numberOf, {})
    const between = await wire(broker.port, { sent: () => undefined, received: () => undefined })
    const { sendReading } = startConnection({
      port: between.port,
      keepalive: 1000,
      connectTimeout: 500,
      acknowledgeTimeout: 1000,
      delivery: { qos: 1, offline: 'all' },
    })
    const strikes = faults.filter(({ name }) => briefOnes.includes(name))
    expect(strikes).toHaveLength(briefOnes.length)
    let offered = 0
    let struck = 0
    let awake = true
    const readings = interval(hour / readingsAnHour)
      .pipe(
        filter(() => awake),
        tap(() => {
          const value = offered / sensors
          offered += sensors
          for (let sensor = 0; sensor < sensors; sensor += 1)
            sendReading({ destination: `sensor${sensor}`, value })
        }),
      )
      .subscribe()
    onTestFinished(() => readings.unsubscribe())

    const measured = []
    for (let day = 1; day <= days; day += 1) {
      awake = true
      for (let time = 0; time < hoursOfDay; time += 1) {
        const over = pause(hour)
        await strikes[random.below(strikes.length)]?.strike({
          ...{ index: 0, random, wire: between, broker },
        })
        struck += 1
        await over
      }
      awake = false
      await expect.poll(() => judge.figures().arrived, { timeout: 20_000 }).toBe(offered)
      await pause(200)
      const resources = process.getActiveResourcesInfo()
      const count = (kind: RegExp) => resources.filter((name) => kind.test(name)).length
      const figures = {
        heap: await heap(),
        sockets: count(/^TCP/),
        timers: count(/^Timeout/),
        handles: resources.length,
      }
      measured.push(figures)
      rows.push(
        [day, offered, judge.figures().arrived, struck, (figures.heap / 2 ** 20).toFixed(1)]
          .concat([figures.sockets, figures.timers, figures.handles])
          .map(String),
      )
    }
    const [first, last] = [measured[0], measured.at(-1)]
    expect(judge.figures()).toEqual({ arrived: offered, wrong: 0 })
    expect((last?.heap ?? 0) - (first?.heap ?? 0)).toBeLessThan(3 * 2 ** 20)
    expect(last?.sockets).toBe(first?.sockets)
    expect(last?.timers).toBeLessThanOrEqual((first?.timers ?? 0) + 3)
  })
})
