import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { mosquittoMissing } from '../support/mosquitto.js'
import { campaign, type Result } from './campaign.js'
import { chaosTable } from './chaosTable.js'
import { tlsFaults } from './corruptedTls.js'
import { daemonFaults } from './daemonFaults.js'
import { daemonStand } from './daemonStand.js'
import { faults } from './faults.js'
import { diskFaults } from './fullDisk.js'
import { growth } from './growth.js'
import { restoreClock } from './jumpClock.js'
import { seeded } from './seeded.js'
import { stand } from './stand.js'

// The long form, each fault a hundred times, is `npm run chaos`.
const times = Number(process.env['CHAOS_TIMES'] ?? 4)
const seed = Number(process.env['CHAOS_SEED'] ?? Math.floor(Math.random() * 1e9))
const results = new Map<string, Result>()
const goal = { times, lost: 0, outOfOrder: 0, unwarranted: 0, strange: 0 }
const patience = { timeout: 600_000 }
const often: readonly [number, number] = [100, 600]

/** As many as are struck at once. */
const several = <T>(start: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: Math.min(times, 20) }, (_, index) => start(index)))

afterEach(restoreClock)
afterAll(() => console.log(`seed ${seed}\n${chaosTable(results)}`))

describe.skipIf(mosquittoMissing)(
  'nothing is lost and the order holds, with QoS = 1 and Offline = all:',
  () => {
    it.each([...faults, ...tlsFaults, ...diskFaults])(
      '$name',
      patience,
      async ({ name, options, strike }) => {
        const victims = await several(async (index) => ({
          index,
          ...(await stand(options?.(index) ?? {}, seeded(seed + index))),
        }))
        const result = await campaign({ times, victims, rest: often, strike })
        results.set(name, result)
        expect(result).toMatchObject(goal)
        expect(growth(result)).toBeLessThan(5 * 2 ** 20)
      },
    )

    it.each(daemonFaults)('$name', patience, async ({ name, options, rest, strike }) => {
      const victims = await several((index) => daemonStand(options, seeded(seed + index)))
      const plan = { times, victims, rest: times > victims.length ? rest : often, strike }
      const result = await campaign({ ...plan, memory: ({ peak }) => peak() })
      results.set(name, result)
      expect(result).toMatchObject(goal)
    })
  },
)
