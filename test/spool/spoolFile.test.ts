import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { of, Subject, take, tap, throwError } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { custody } from '../../src/spool/custody.js'
import { readSpool } from '../../src/spool/readSpool.js'
import { spoolFile, writeBehind, type Written } from '../../src/spool/spoolFile.js'
import { marbles } from '../../src/testing/marbles.js'
import { temporaryFolder } from './temporaryFolder.js'

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

const letters: Readonly<Record<string, Written>> = { a: 'written', f: 'failed' }

/** Writes that end like this, one after the other, and from then on well. */
function endings(...ends: Written[]) {
  return () => of(ends.shift() ?? 'written')
}

const nothingNew = () => false

/** One character is 100 ms. */
const slowly = (test: Parameters<typeof marbles>[0]) => marbles(test, 100)

describe('writeBehind', () => {
  it('writes at once, and not again while nothing changes', () => {
    slowly(({ cold, expectObservable }) => {
      const changed = ' -------------'
      const expected = 'a------------'
      expectObservable(writeBehind(cold(changed), endings(), nothingNew)).toBe(expected, letters)
    })
  })

  it('writes a second after the first of the changes, all of them together', () => {
    slowly(({ cold, expectObservable }) => {
      const changed = ' -xx-x----------x-----------'
      const expected = 'a----------a-------------a'
      expectObservable(writeBehind(cold(changed), endings(), nothingNew)).toBe(expected, letters)
    })
  })

  it('takes changes in one moment for one', () => {
    slowly(({ cold, expectObservable }) => {
      const changed = ' -(xxx)-------'
      const expected = 'a----------a-'
      expectObservable(writeBehind(cold(changed), endings(), nothingNew)).toBe(expected, letters)
    })
  })

  it('lets a slow write end before the next, a second later, takes what has come meanwhile', () => {
    slowly(({ cold, expectObservable, expectSubscriptions }) => {
      const changed = '-----x-----------x---------------------'
      const write = '  ---a|'
      const more = '   -------------a|'
      const first = '  ^---!'
      const second = ' -------------^-------------!'
      const expected = '---a----------------------a----'
      const [one, two] = [cold(write, letters), cold(more, letters)]
      const writes = [one, two]
      const hasNews = () => writes.length > 0
      expectObservable(writeBehind(cold(changed), () => writes.shift() ?? two, hasNews)).toBe(
        expected,
        letters,
      )
      expectSubscriptions(one.subscriptions).toBe(first)
      expectSubscriptions(two.subscriptions).toBe(second)
    })
  })

  it('writes what the end of a write has led to', () => {
    slowly(({ expectObservable }) => {
      const changed$ = new Subject<void>()
      let news = 0
      const write = () => {
        news = 0
        return of('written' as const)
      }
      const written$ = writeBehind(changed$, write, () => news > 0)
      const expected = 'a---------a---------(a|)'
      const changing = tap(() => {
        news += 1
        changed$.next()
      })
      expectObservable(written$.pipe(changing, take(3))).toBe(expected, letters)
    })
  })

  it('tries again ten seconds after a failure, whatever changes meanwhile', () => {
    marbles(({ cold, expectObservable }) => {
      const changed = ' --x-x-----------x--------x--------'
      const expected = 'f---------f---------a-----a-------'
      expectObservable(writeBehind(cold(changed), endings('failed', 'failed'), nothingNew)).toBe(
        expected,
        letters,
      )
    }, 1000)
  })

  it('ends when told to, with nothing left running', () => {
    slowly(({ cold, expectObservable, expectSubscriptions }) => {
      const changed = cold('-x-------')
      const unsub = '       -----!---'
      const expected = '    a--------'
      expectObservable(writeBehind(changed, endings(), nothingNew), unsub).toBe(expected, letters)
      expectSubscriptions(changed.subscriptions).toBe('^----!')
    })
  })

  it('completes with the changes, after the last of them is written', () => {
    slowly(({ cold, expectObservable }) => {
      const changed = ' -x|'
      const expected = 'a----------(a|)'
      expectObservable(writeBehind(cold(changed), endings(), nothingNew)).toBe(expected, letters)
    })
  })

  it('hands on an error', () => {
    slowly(({ cold, expectObservable }) => {
      expectObservable(writeBehind(cold('--#'), endings(), nothingNew)).toBe('a-#', letters)
      expectObservable(
        writeBehind(cold('---'), () => throwError(() => new Error('broken')), nothingNew),
      ).toBe('#', undefined, new Error('broken'))
    })
  })
})
