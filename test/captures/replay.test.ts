import { execFileSync } from 'node:child_process'
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { asyncScheduler, concat, from, lastValueFrom, map, take, toArray } from 'rxjs'
import { TestScheduler } from 'rxjs/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { recordedTime, replay, type ReplayOptions } from '../../src/captures/replay.js'
import { quietLog } from '../support/quietLog.js'

const address = (number: number) => `00:00:00:00:00:0${number}`

const line = (number: number, at?: number) => JSON.stringify({ address: address(number), at })

describe('replay', () => {
  let folder: string
  let log: ReturnType<typeof quietLog>
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'replay-'))
    log = quietLog()
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const file = (text: string | Buffer) => {
    const path = join(folder, 'capture.jsonl')
    writeFileSync(path, text)
    return path
  }
  /** What is heard of a source, the first `count` at most. */
  const play = (source: ReplayOptions['source'], speed: ReplayOptions['speed'] = 'max', count = Infinity) =>
    lastValueFrom(replay({ source, speed, log }).pipe(take(count), toArray()), { defaultValue: [] })
  const addresses = async (...played: Parameters<typeof play>) =>
    (await play(...played)).map((advertisement) => advertisement.address)

  test('plays a file to its end, whatever its line ends are', async () => {
    const source = file(`\ufeff${line(1)}\r\n\r\n${line(2)}\n \n${line(3)}`)
    expect(await addresses(source)).toEqual([1, 2, 3].map(address))
    expect(log.warn).not.toHaveBeenCalled()
  })

  test('plays a file in recorded time, scaled', async () => {
    const source = file([line(1, 1e12), line(2, 1e12 + 200_000)].join('\n'))
    const start = performance.now()
    expect(await addresses(source, 1000)).toEqual([1, 2].map(address))
    expect(performance.now() - start).toBeGreaterThan(190)
  })

  test('keeps the time of the recording, and invents none', async () => {
    const [dated, undated] = await play(file(`${line(1, 5)}\n${line(2)}`))
    expect(dated?.at).toBe(5)
    expect(undated).not.toHaveProperty('at')
  })

  test('logs a line that is no advertisement once, with its number, and goes on', async () => {
    const garbage = Buffer.from([0xff, 0xfe, 0x1b, 0x5b, 0x0a])
    const source = file(Buffer.concat([Buffer.from(`${line(1)}\n\n`), garbage, Buffer.from(line(2))]))
    expect(await addresses(source)).toEqual([1, 2].map(address))
    expect(log.warn.mock.calls).toEqual([
      [expect.stringMatching(/^line 3 is no advertisement and is skipped: expected .*, got "/)],
    ])
    expect(String(log.warn.mock.calls[0])).not.toMatch(/\p{Cc}/u)
  })

  test('skips a line that seems to have no end', async () => {
    const source = Readable.from([
      ...Array<Buffer>(1000).fill(Buffer.alloc(64 * 1024, '{')),
      `\n${line(2)}\n`,
    ])
    expect(await addresses(source)).toEqual([address(2)])
    expect(log.warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('line 1 '))
  })

  test('hands on the lines of a stream as they arrive, whatever their times', async () => {
    const source = new PassThrough()
    const all = addresses(source, 1)
    source.write(`${line(1, 1)}\n${line(2, 1e12)}\n`)
    source.end(line(3, 2e12))
    expect(await all).toEqual([1, 2, 3].map(address))
  })

  test('hands on what has arrived while more is awaited', async () => {
    const source = new PassThrough()
    source.write(`${line(1)}\n{"addr`)
    expect(await addresses(source, 1, 1)).toEqual([address(1)])
  })

  test('closes its source when unsubscribed, in the middle of a batch or waiting', async () => {
    const source = new PassThrough()
    source.write(`${line(1)}\n${line(2)}\n`)
    expect(await addresses(source, 1, 1)).toEqual([address(1)])
    expect(source.destroyed).toBe(true)

    const silent = new PassThrough()
    replay({ source: silent, log }).subscribe().unsubscribe()
    expect(silent.destroyed).toBe(true)
  })

  test('does nothing before it is subscribed to, and can be played again', async () => {
    const source = join(folder, 'later.jsonl')
    const replay$ = replay({ source, speed: 'max', log }).pipe(toArray())
    writeFileSync(source, line(1))
    expect(await lastValueFrom(replay$, { defaultValue: [] })).toHaveLength(1)
    expect(await lastValueFrom(replay$, { defaultValue: [] })).toHaveLength(1)
  })

  test.each([
    ['nowhere.jsonl', /Cannot read the capture .*nowhere\.jsonl: ENOENT/],
    ['', /Cannot read the capture .*: EISDIR/],
  ])('fails with path and reason when a file cannot be read ("%s")', async (name, message) => {
    await expect(play(join(folder, name))).rejects.toThrow(message)
  })

  test('stays quiet about a missing file when unsubscribed before it is found missing', async () => {
    replay({ source: join(folder, 'nowhere'), log })
      .subscribe()
      .unsubscribe()
    await expect(play(join(folder, 'nowhere'))).rejects.toThrow('ENOENT')
  })

  test('passes on the error of a given stream', async () => {
    const source = new PassThrough()
    const played = play(source)
    source.destroy(new Error('the pipe burst'))
    await expect(played).rejects.toThrow('Cannot read the given capture: the pipe burst')
  })

  test.skipIf(process.platform === 'win32')('reads no further than it plays', async () => {
    const source = join(folder, 'pipe')
    execFileSync('mkfifo', [source])
    const writer = createWriteStream(source).on('error', () => undefined)
    for (let hour = 0; hour < 40_000; hour++) writer.write(`${line(1, hour * 3_600_000)}\n`)
    expect(await addresses(source, 10_000, 20)).toHaveLength(20)
    expect(writer.bytesWritten).toBeLessThan(1_000_000)
    writer.destroy()
  })
})

const start = 1_765_000_000_000

const day = 86_400_000

const items = {
  a: { at: start },
  b: { at: start + 2 },
  c: { at: start + 7 },
  d: { at: start + day },
  e: { at: start - day },
  f: { at: start - day + 7 },
  n: {},
}

describe('recorded time', () => {
  test.each([
    ['keeps the gaps of the recording', 1, '   (abc|)', 'a-b----(c|)'],
    ['plays half as fast at speed 0.5', 0.5, ' (abc|)', 'a---b---------(c|)'],
    ['waits for nothing that is too short', 1e9, '(ac|)', '(ac|)'],
    ['passes what has no time at once', 1, '   (annc|)', '(ann)--(c|)'],
    ['begins anew where time goes back', 1, '  (aef|)', '(ae)---(f|)'],
    ['waits 10 minutes at most, whatever the clock was set to', 1, '(ad|)', 'a 599999ms (d|)'],
    ['does not hurry what comes late already', 1, 'a 9ms (b|)', 'a 9ms (b|)'],
    ['makes good for what came late', 1, ' a-----(bc|)', 'a-----b(c|)'],
    ['says nothing of its own', 1, '-', '-'],
    ['ends with its source', 1, '--|', '--|'],
    ['fails with its source', 1, '--#', '--#'],
  ])('%s', (_, speed, source, expected) => {
    marbles(({ cold, expectObservable }) => {
      const source$ = cold(source, items)
      expectObservable(source$.pipe(recordedTime(speed))).toBe(expected, items)
    })
  })

  test('keeps time where the gaps are shorter than a timer can be', () => {
    marbles(({ expectObservable }) => {
      const dense$ = from([0, 5, 10, 15, 20, 25]).pipe(map((time) => ({ at: time })))
      const times$ = dense$.pipe(
        recordedTime(10),
        map(() => asyncScheduler.now()),
        toArray(),
      )
      expectObservable(times$).toBe('--(x|)', { x: [0, 0, 1, 1, 2, 2] })
    })
  })

  test('stops when unsubscribed', () => {
    marbles(({ cold, expectObservable }) => {
      const source = '       (abc|)'
      const unsubscribed = ' ----!'
      const expected = '     a-b--'
      expectObservable(cold(source, items).pipe(recordedTime(1)), unsubscribed).toBe(expected, items)
    })
  })

  test('goes on from one piece of a recording to the next', () => {
    marbles(({ cold, expectObservable }) => {
      const paced = recordedTime<{ at?: number }>(1)
      const pieces$ = concat(cold('(ab|)', items).pipe(paced), cold('(c|)', items).pipe(paced))
      expectObservable(pieces$).toBe('a-b----(c|)', items)
    })
  })
})

function marbles(test: Parameters<TestScheduler['run']>[0]) {
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(test)
}
