import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { asyncScheduler, NEVER, Subject } from 'rxjs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { keptIn, openHistory } from '../../src/web/history.js'
import { quietLog } from '../support/quietLog.js'
import { temporaryFolder } from '../support/temporaryFolder.js'

const minute = 60_000
const start = 1_800_000_000_000

describe('openHistory', () => {
  it('has the latest number of each minute, a day of them, and nothing for minutes in which nothing was said', () => {
    const history = openHistory()
    for (const [at, value] of [
      [0, 1],
      [30_000, 2],
      [minute, 3],
      [5 * minute, 4],
    ] as const)
      history.put('attic', undefined, value, start + at)
    expect(history.points('attic', start)).toEqual({
      topic: 'attic',
      times: [0, 60, 300].map((seconds) => start / 1000 + seconds),
      values: [2, 3, 4],
    })
    expect(history.points('attic', start + minute).values).toEqual([3, 4])
    history.put('attic', undefined, 5, start + 1440 * minute)
    expect(history.points('attic', 0).values).toEqual([3, 4, 5])
    history.put('attic', undefined, 6, start + 5000 * minute)
    expect(history.points('attic', 0).values).toEqual([6])
  })

  it('goes on where the clock was set back', () => {
    const history = openHistory()
    history.put('attic', undefined, 1, start + 10 * minute)
    history.put('attic', undefined, 2, start)
    history.put('attic', undefined, 3, start - 2000 * minute)
    history.put('attic', undefined, 4, start + 11 * minute)
    expect(history.points('attic', 0).values).toEqual([2, 1, 4])
  })

  it('has less of each where there are so many that they would not fit, and keeps the newest', () => {
    const limit = 2 * 1440 * 4
    const history = openHistory(minute, limit)
    for (const topic of ['a', 'b'])
      for (let at = 0; at < 1440; at += 1) history.put(topic, undefined, at, start + at * minute)
    expect(history.points('a', 0).values).toHaveLength(1440)
    history.put('c', undefined, 1, start)
    expect(history.points('a', 0).values).toEqual(Array.from({ length: 720 }, (_, at) => 720 + at))
    for (let topic = 0; topic < 50; topic += 1) history.put(`more${topic}`, undefined, 1, start)
    expect(history.size()).toBeLessThanOrEqual(limit)
  })
})

describe('keptIn', () => {
  afterEach(() => void vi.useRealTimers())

  const fakeTime = () =>
    void vi.useFakeTimers({ now: start + 1000, toFake: ['Date', 'setInterval', 'clearInterval'] })

  it('has after a restart what was said before, but for a torn last line', async () => {
    fakeTime()
    const file = join(temporaryFolder(), 'history.jsonl')
    const first = openHistory()
    const stop$ = new Subject<void>()
    const ended = vi.fn()
    keptIn(file, first, quietLog(), stop$).subscribe({ complete: ended, error: ended })
    first.put('attic/temp_c', undefined, 21.5, asyncScheduler.now())
    await vi.waitFor(() => {
      vi.advanceTimersByTime(minute)
      expect(readFileSync(file, 'utf8')).toContain('21.5')
    })
    first.put('attic/temp_c', undefined, 22.5, asyncScheduler.now())
    const later = asyncScheduler.now() + 2 * minute
    vi.setSystemTime(later)
    stop$.next()
    await vi.waitFor(() => expect(ended).toHaveBeenCalledOnce())
    writeFileSync(file, `${readFileSync(file, 'utf8')}[${later},{"attic/temp_c":2`)

    const second = openHistory()
    const log = quietLog()
    keptIn(file, second, log, NEVER).subscribe()
    await vi.waitFor(() => expect(second.points('attic/temp_c', 0).values).toEqual([21.5, 22.5]))
    expect(log.warn).not.toHaveBeenCalled()
  })

  it('says once that its file cannot be written', async () => {
    fakeTime()
    const folder = join(temporaryFolder(), 'not there')
    const log = quietLog()
    const history = openHistory()
    const kept = keptIn(join(folder, 'history.jsonl'), history, log, NEVER).subscribe()
    for (let times = 1; times <= 5; times += 1)
      await vi.waitFor(() => {
        vi.advanceTimersByTime(minute)
        expect(log.warn).toHaveBeenCalledOnce()
      })
    expect(log.warn).toHaveBeenCalledWith(
      expect.stringMatching(/^the history cannot be kept in .*history\.jsonl: /),
    )
    kept.unsubscribe()
  })
})
