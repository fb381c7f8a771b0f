import {
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { of, Subject, take, tap, throwError } from 'rxjs'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { openSpool, writeBehind, type Written } from '../../src/spool/openSpool.js'
import { spoolHeader } from '../../src/spool/readSpool.js'
import { marbles } from '../../src/testing/marbles.js'
import { openedSpool, unlocked } from './openedSpool.js'
import { silentShare } from '../support/silentShare.js'
import { temporaryFolder } from '../support/temporaryFolder.js'

const reading = (value: number) => ({ destination: 'attic/temp_c', value, decimals: 1, at: 1000 + value })
const values = ({ entries }: { entries: readonly { reading: { value: unknown } }[] }) =>
  entries.map((entry) => entry.reading.value)
const newSpool = () => join(temporaryFolder(), 'home.spool')
const size = (path: string) => statSync(path).size

describe('openSpool', () => {
  it('gives back after a restart what was not delivered, oldest first and just as it was', async () => {
    const path = newSpool()
    const { spool, close } = await openedSpool(path)
    const sequences = [1, 2, 3, 4].map((value) => spool.append(reading(value)))
    spool.done(sequences[1] ?? 0)
    close()
    const next = await openedSpool(path)
    expect(next.spool.entries).toEqual(
      [0, 2, 3].map((index) => ({ sequence: sequences[index], reading: reading(index + 1) })),
    )
    expect(next.lines).toEqual([])
  })

  it('numbers what comes after a restart higher than what is there', async () => {
    const path = newSpool()
    const first = await openedSpool(path)
    const old = first.spool.append(reading(1))
    first.close()
    const { spool } = await openedSpool(path)
    expect(spool.append(reading(2))).toBeGreaterThan(old)
  })

  it('gives a reading without time the time at which it came, and keeps NaN as the text that is published', async () => {
    const path = newSpool()
    const { spool, close } = await openedSpool(path)
    const before = Date.now()
    spool.append({ destination: 'attic/load', value: NaN })
    close()
    const [entry] = (await openedSpool(path)).spool.entries
    expect(entry?.reading.value).toBe('NaN')
    expect(entry?.reading.at).toBeGreaterThanOrEqual(before)
  })

  it('goes on in memory while the share of its file does not answer, and writes when it does', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] })
    onTestFinished(() => void vi.useRealTimers())
    const share = await silentShare()
    const path = join(share.folder, 'home.spool')
    const opening = openedSpool(path)
    await vi.advanceTimersByTimeAsync(10_000)
    const { spool, lines } = await opening
    expect(spool.entries).toEqual([])
    const problem = `error: The spool ${path} cannot be used (it does not answer: is it on a network share that is gone?). It is tried again every 10 s; until then readings are kept in memory only.`
    expect(lines).toEqual([problem])
    spool.append(reading(1))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(lines).toEqual([problem])

    share.free()
    await vi.waitFor(async () => {
      await vi.advanceTimersByTimeAsync(1000)
      expect(lines).toEqual([problem, `info: The spool ${path} works again.`])
    })
    expect(readFileSync(path, 'utf8')).toContain('attic/temp_c')
  })

  it('does not write what is done within the second', async () => {
    const path = newSpool()
    const { spool, close } = await openedSpool(path)
    const { mtimeMs } = statSync(path)
    for (let value = 0; value < 1000; value++) spool.done(spool.append(reading(value)))
    const last = spool.append(reading(7))
    await vi.waitUntil(() => size(path) > spoolHeader.length, 5000)
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(3)
    expect(statSync(path).mtimeMs).toBeGreaterThan(mtimeMs)
    spool.done(last)
    close()
  })

  it('writes what it is given as soon as it is open', async () => {
    const path = newSpool()
    const running = openSpool(path, { size: 65_536, log: console })
      .pipe(
        tap((spool) => {
          for (let value = 0; value < 300; value++) spool.append(reading(value))
        }),
      )
      .subscribe({ error: console.error })
    onTestFinished(() => running.unsubscribe())
    await vi.waitUntil(() => existsSync(path) && size(path) > spoolHeader.length, 5000)
    expect(readFileSync(path, 'utf8').trimEnd().split('\n')).toHaveLength(301)
  })

  it('is only its header as soon as nothing is outstanding', async () => {
    const path = newSpool()
    const { spool } = await openedSpool(path)
    const sequence = spool.append(reading(1))
    await vi.waitUntil(() => size(path) > spoolHeader.length, 5000)
    spool.done(sequence)
    await vi.waitUntil(() => size(path) === spoolHeader.length, 5000)
    expect(spool.append(reading(2))).toBeGreaterThan(sequence)
  })

  it('is for its owner alone', async () => {
    const path = newSpool()
    await openedSpool(path)
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('never grows beyond its size: the oldest readings fall out, an eighth at a time, which is said once', async () => {
    const path = newSpool()
    const { spool, close, lines } = await openedSpool(path, 8192)
    const sequences = Array.from({ length: 500 }, (_, value) => spool.append(reading(value)))
    close()
    const next = await openedSpool(path, 8192)
    expect(size(path)).toBeLessThanOrEqual(8192)
    expect(size(path)).toBeGreaterThan((8192 * 3) / 4)
    const left = next.spool.entries.map(({ sequence }) => sequence)
    expect(left).toEqual(sequences.slice(-left.length))
    expect(lines).toEqual([
      `warn: The spool ${path} is full (8192 bytes): the oldest readings would not survive a restart any more. SpoolSize can make it larger.`,
    ])
  })

  it('counts what fell out, and says how many when it is empty again', async () => {
    const path = newSpool()
    const { spool, lines, until } = await openedSpool(path, 8192)
    const sequences = Array.from({ length: 500 }, (_, value) => spool.append(reading(value)))
    for (const sequence of sequences) spool.done(sequence)
    await until(/is empty again; it was too small for \d+ readings/)
    expect(lines).toHaveLength(2)
    const again = spool.append(reading(1))
    spool.done(again)
    expect(lines).toHaveLength(2)
  })

  it('lets the oldest of an earlier run fall out when it has become smaller, and says so', async () => {
    const path = newSpool()
    const { spool, close } = await openedSpool(path)
    for (let value = 0; value < 100; value++) spool.append(reading(value))
    close()
    const next = await openedSpool(path, 4096)
    const left = values(next.spool)
    expect(left.at(-1)).toBe(99)
    expect(next.lines).toEqual([
      `warn: ${path}: the oldest readings, ${100 - left.length} of them, do not fit into 4096 bytes any more`,
    ])
    expect(size(path)).toBeLessThanOrEqual(4096)
  })

  it('keeps a reading that is larger than half of it for this run only', async () => {
    const path = newSpool()
    const { spool, close } = await openedSpool(path, 4096)
    spool.append(reading(1))
    spool.done(spool.append({ destination: 'big', value: 'x'.repeat(3000) }))
    spool.append({ destination: 'big', value: 'x'.repeat(3000) })
    close()
    expect(values((await openedSpool(path, 4096)).spool)).toEqual([1])
  })

  it('cuts off a torn tail, says how many bytes once, and goes on', async () => {
    const path = newSpool()
    const first = await openedSpool(path)
    for (const value of [1, 2, 3]) first.spool.append(reading(value))
    first.close()
    await unlocked(path)
    truncateSync(path, size(path) - 10)
    const [header = '', one = '', two = '', torn = ''] = readFileSync(path, 'utf8').split(/(?<=\n)/)
    const second = await openedSpool(path)
    expect(second.lines).toEqual([
      `warn: ${path}: ${torn.length} damaged bytes are left out, such as a power cut leaves behind`,
    ])
    expect(readFileSync(path, 'utf8')).toBe(header + one + two)
    second.spool.append(reading(4))
    second.close()
    const third = await openedSpool(path)
    expect(values(third.spool)).toEqual([1, 2, 4])
    expect(third.lines).toEqual([])
  })

  it('is written to by one process only: who comes second waits for the first to be through', async () => {
    const path = newSpool()
    const first = await openedSpool(path)
    first.spool.append(reading(1))
    const second = openedSpool(path)
    first.close()
    const { spool, lines } = await second
    expect(values(spool)).toEqual([1])
    expect(lines).toEqual([])
  })

  it('is used by one process only, however long its path is and by whatever link it is named', async () => {
    const folder = join(temporaryFolder(), 'x'.repeat(200))
    mkdirSync(folder)
    symlinkSync(folder, `${folder}-too`)
    await openedSpool(join(folder, 'home.spool'))
    const { lines } = await openedSpool(join(`${folder}-too`, 'home.spool'))
    expect(lines).toEqual([
      expect.stringMatching(
        /^error: The spool .* another process uses .*home\.spool; end it or name another file/,
      ),
    ])
  })

  it('is written without following links', async () => {
    const path = newSpool()
    const [diary, target] = [join(dirname(path), 'diary'), join(dirname(path), 'target')]
    for (const file of [diary, target]) writeFileSync(file, 'mine')
    symlinkSync(diary, `${path}.new`)
    const { spool, close } = await openedSpool(path)
    spool.append(reading(1))
    close()
    await unlocked(path)
    expect(values((await openedSpool(path)).spool)).toEqual([1])
    symlinkSync(target, `${path}-link`)
    const { lines } = await openedSpool(`${path}-link`)
    expect(lines).toEqual([expect.stringMatching(/got a symbolic link; name the file itself/)])
    expect([diary, target].map((file) => readFileSync(file, 'utf8'))).toEqual(['mine', 'mine'])
  })

  it('never touches a file that is none of ours: it says so once, and keeps readings in memory', async () => {
    const path = newSpool()
    writeFileSync(path, 'my diary\n')
    const { spool, lines, close } = await openedSpool(path)
    spool.append(reading(1))
    expect(spool.entries).toEqual([])
    close()
    await unlocked(path)
    expect(readFileSync(path, 'utf8')).toBe('my diary\n')
    expect(lines).toEqual([
      `error: The spool ${path} cannot be used (expected a spool of this version of sensor-reporter, got another file; move it away or name another one). It is tried again every 10 s; until then readings are kept in memory only.`,
    ])
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
