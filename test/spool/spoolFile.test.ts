import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { custody } from '../../src/spool/custody.js'
import { readSpool } from '../../src/spool/readSpool.js'
import { spoolFile } from '../../src/spool/spoolFile.js'
import { temporaryFolder } from '../support/temporaryFolder.js'

/** A value is appended; the n-th of those that are left is done; the news go to the disk. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ append: fc.string({ maxLength: 40 }) }) },
  { weight: 3, arbitrary: fc.record({ done: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.constant('write' as const) },
)

describe('spoolFile', () => {
  it('holds, after every write, just what is in custody, and never more bytes than its size', async () => {
    const folder = temporaryFolder()
    let run = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 120 }),
        fc.integer({ min: 600, max: 3000 }),
        async (steps, size) => {
          const path = join(folder, `${run++}`)
          const file = spoolFile(path, size)
          let alive: number[] = []
          const kept = custody(size, (fallen) => {
            expect(fallen).toEqual(alive.slice(0, fallen.length))
            alive = alive.slice(fallen.length)
          })
          await file.open()
          for (const each of [...steps, 'write' as const]) {
            if (each === 'write') {
              await file.write(kept.take().text, kept.lines())
              expect(statSync(path).size).toBeLessThanOrEqual(size)
              const { entries, damaged } = readSpool(readFileSync(path))
              expect(entries.map(({ sequence }) => sequence)).toEqual(alive)
              expect(damaged).toBe(0)
            } else if ('append' in each) {
              const sequence = kept.append({ destination: 'attic', value: each.append, at: 1 })
              // It was known to nobody before `append` returned, so it is none that has just fallen out.
              alive.push(sequence)
            } else {
              const [sequence] = alive.splice(each.done % (alive.length || 1), 1)
              if (sequence !== undefined) kept.done(sequence)
            }
          }
          await file.close()
        },
      ),
      { numRuns: 60 },
    )
  })
})
