import { setTimeout as pause } from 'node:timers/promises'
import type { DaemonStand } from './daemonStand.js'
import type { StandOptions } from './stand.js'

/** Something that goes wrong around the whole program, and is well again when the promise resolves. */
interface DaemonFault {
  readonly name: string
  readonly options: StandOptions
  /** Ms from one to the next. After less than 10 s a link has not been a success, and the pauses before the next grow. */
  readonly rest: readonly [number, number]
  readonly strike: (stand: DaemonStand) => Promise<unknown>
}

/** What strikes the built program. */
export const daemonFaults: readonly DaemonFault[] = [
  {
    name: 'daemon: broker killed with -9',
    options: { measure: 'acknowledged', broker: { persistent: true } },
    rest: [13_000, 14_000],
    strike: async ({ broker, random }) => {
      await broker.kill()
      await pause(random.between(0, 500))
      await broker.start()
    },
  },
  {
    name: 'daemon: broker stopped for 3 keep-alives',
    options: {},
    rest: [13_000, 14_000],
    strike: async ({ broker }) => {
      await broker.kill('SIGSTOP')
      await pause(3000)
      await broker.kill('SIGCONT')
    },
  },
  {
    name: 'daemon killed with -9, with a Spool',
    options: {},
    rest: [100, 2000],
    strike: async ({ book, wire, random, restart, connected }) => {
      if (random.chance(0.5)) {
        wire.weather.refuse = true
        wire.cut()
        book.cut()
        await pause(random.between(0, 3000))
      }
      await restart()
      wire.clear()
      await connected()
    },
  },
]
