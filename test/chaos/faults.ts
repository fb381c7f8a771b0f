import { delay, EMPTY, of } from 'rxjs'
import { setTimeout as pause } from 'node:timers/promises'
import { jumpClock } from './jumpClock.js'
import { nameService } from './nameService.js'
import type { Stand, StandOptions } from './stand.js'
import type { Weather } from './weather.js'

/** What a fault gets hold of. `index` tells the connections of one run apart. */
export type Struck = Pick<Stand, 'broker' | 'wire' | 'random'> & { readonly index: number }

/** Something that goes wrong between a connection and its broker, and is well again when the promise resolves. */
export interface Fault {
  readonly name: string
  readonly options?: (index: number) => StandOptions
  readonly strike: (struck: Struck) => unknown
}

/** Stops the broker in some way, and starts it again after a while. */
const restarted =
  (signal: 'SIGKILL' | 'SIGTERM') =>
  async ({ broker, random }: Struck) => {
    await broker.kill(signal)
    await pause(random.between(0, 500))
    await broker.start()
  }

/** Changes the weather for up to half a second, for the links that begin now. */
async function whileLinking({ wire, random }: Struck, change: Partial<Weather>) {
  Object.assign(wire.weather, change)
  wire.cut()
  await pause(random.between(50, 500))
  wire.clear()
}

const name = (index: number) => `broker${index}.test`

export const faults: readonly Fault[] = [
  {
    name: 'broker killed with -9',
    options: () => ({ measure: 'acknowledged', broker: { persistent: true } }),
    strike: restarted('SIGKILL'),
  },
  {
    name: 'broker restarted, with persistence',
    options: () => ({ broker: { persistent: true } }),
    strike: restarted('SIGTERM'),
  },
  {
    name: 'broker restarted, without persistence',
    options: () => ({ measure: 'acknowledged' }),
    strike: restarted('SIGTERM'),
  },
  {
    // As 30 s are at a keep-alive of 10 s.
    name: 'broker stopped for 3 keep-alives',
    strike: async ({ broker }) => {
      await broker.kill('SIGSTOP')
      await pause(3000)
      await broker.kill('SIGCONT')
    },
  },
  {
    name: 'half-open link',
    strike: async ({ wire, random }) => {
      wire.weather.swallow = true
      await pause(random.between(50, 3000))
      wire.clear()
    },
  },
  { name: 'link cut', strike: ({ wire }) => wire.cut() },
  {
    name: 'cut within a packet',
    strike: async ({ wire, random }) => {
      wire.weather.cutAfter = (size) => random.below(size)
      await pause(random.between(50, 200))
    },
  },
  {
    name: 'slow link',
    strike: async ({ wire, random }) => {
      Object.assign(wire.weather, { latency: random.between(1, 200), perByte: random.between(0, 1) })
      await pause(random.between(50, 1000))
      wire.clear()
    },
  },
  {
    // Between them, since without TLS nobody can tell that a number within a packet is another one.
    name: 'garbage between packets',
    strike: async ({ wire, random }) => {
      const garbage = Buffer.from(Array.from({ length: random.below(20) + 1 }, () => random.below(256)))
      const direction = random.chance(0.5) ? 'up' : 'down'
      wire.weather.corrupt = (bytes, towards) =>
        towards === direction ? Buffer.concat([garbage, bytes]) : bytes
      await pause(random.between(50, 200))
      wire.clear()
      wire.cut()
    },
  },
  {
    name: 'CONNACK refused',
    strike: (stand) => {
      const returnCode = stand.random.below(5) + 1
      return whileLinking(stand, {
        answer: (packet) => of(packet.cmd === 'connack' ? { ...packet, returnCode } : packet),
      })
    },
  },
  {
    name: 'CONNACK late',
    strike: (stand) => {
      const late = stand.random.between(100, 1000)
      return whileLinking(stand, {
        answer: (packet) => (packet.cmd === 'connack' ? of(packet).pipe(delay(late)) : of(packet)),
      })
    },
  },
  {
    name: 'PUBACK lost',
    strike: async ({ wire, random }) => {
      wire.weather.answer = (packet) => (packet.cmd === 'puback' ? EMPTY : of(packet))
      await pause(random.between(50, 3000))
      wire.clear()
    },
  },
  {
    name: 'broker accepts and closes',
    strike: (stand) => whileLinking(stand, { refuse: true }),
  },
  {
    name: 'name not resolved',
    options: (index) => ({ connection: { host: name(index) } }),
    strike: async ({ index, wire, random }) => {
      nameService.fail(name(index), random.chance(0.5) ? 'EAI_AGAIN' : 'ENOTFOUND', random.between(0, 300))
      wire.cut()
      await pause(random.between(50, 1000))
      nameService.mend(name(index))
    },
  },
  {
    name: 'clock jumps',
    strike: ({ wire, random }) => {
      jumpClock(random.between(-1, 1) * 366 * 86_400_000)
      if (random.chance(0.5)) wire.cut()
    },
  },
]
