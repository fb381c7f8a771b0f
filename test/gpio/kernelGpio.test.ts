import { map, NEVER, take } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Line } from '../../src/gpio/kernel/line.js'
import type { LineEvent } from '../../src/gpio/kernel/uapi.js'
import { chipOfLines } from '../../src/gpio/kernelGpio.js'
import { allOf } from '../ble/allOf.js'
import { marbles } from '../../src/testing/marbles.js'

const levels = { h: true, l: false }

/** A line whose changes are fetched in these batches; notes what is done to it. */
function fakeLine(first: boolean, batches: readonly (readonly LineEvent[])[]) {
  const done: string[] = []
  const rest = [...batches]
  const line: Line = {
    level: () => first,
    set: (level) => done.push(`set ${String(level)}`),
    events: () => [...(rest.shift() ?? [])],
    close: () => done.push('close'),
  }
  return { line, done }
}

const change = (level: boolean, sequence: number): LineEvent => ({ level, sequence, timestamp: 0n })
const input = { pull: 'up', debounce: 5 } as const

describe('chipOfLines', () => {
  it('says the level at once, then the changes, fetched every 10 ms', () =>
    marbles(({ expectObservable }) => {
      const { line, done } = fakeLine(true, [[], [change(false, 1), change(true, 2)], [change(false, 3)]])
      const level$ = chipOfLines(() => line).input(17, input)
      expectObservable(level$.pipe(map(({ level }) => level)), '^ 35ms !').toBe('h 19ms (lh) 6ms l', levels)
      expect(done).toEqual([])
    }))

  it('leaves out what the first level had in it already', () =>
    marbles(({ expectObservable }) => {
      const { line } = fakeLine(true, [[change(true, 1), change(false, 2)]])
      const level$ = chipOfLines(() => line).input(17, input)
      expectObservable(level$.pipe(map(({ level }) => level)), '^ 15ms !').toBe('h 9ms l', levels)
    }))

  it('says how many changes were lost, also when the level seems the same', () =>
    marbles(({ expectObservable }) => {
      const { line } = fakeLine(true, [[change(true, 8)]])
      const level$ = chipOfLines(() => line).input(17, input)
      expectObservable(level$.pipe(map(({ level, lost = 0 }) => [level, lost])), '^ 15ms !').toBe('a 9ms b', {
        a: [true, 0],
        b: [true, 7],
      })
    }))

  it('says when it happened, from the time the kernel noted', async () => {
    const noted = process.hrtime.bigint() - 3_000_000_000n
    const { line } = fakeLine(true, [[{ level: false, sequence: 1, timestamp: noted }]])
    const before = Date.now()
    const [, change] = await allOf(
      chipOfLines(() => line)
        .input(17, input)
        .pipe(take(2)),
    )
    expect(change?.at).toBeGreaterThanOrEqual(before - 3001)
    expect(change?.at).toBeLessThanOrEqual(Date.now() - 2999)
  })

  it('requests an input as it is told when it is subscribed to, and closes it when it is left', () => {
    const asked: unknown[] = []
    const { line, done } = fakeLine(true, [])
    const level$ = chipOfLines((...request) => {
      asked.push(request)
      return line
    }).input(17, input)
    expect(asked).toEqual([])
    const subscription = level$.subscribe()
    expect(asked).toEqual([[17, input]])
    subscription.unsubscribe()
    expect(done).toEqual(['close'])
  })

  it('requests an output with its first level, and holds it until it is left', () =>
    marbles(({ hot, expectObservable, flush }) => {
      const asked: unknown[] = []
      const { line, done } = fakeLine(false, [])
      const chip = chipOfLines((...request) => {
        asked.push(request)
        return line
      })
      expectObservable(hot('-h-l-h--', levels).pipe(chip.output(19)), '^------!').toBe('-h-l-h', levels)
      flush()
      expect(asked).toEqual([[19, { level: true }]])
      expect(done).toEqual(['set false', 'set true', 'close'])
    }))

  it('holds no output that nothing was said of', () => {
    const { line, done } = fakeLine(false, [])
    NEVER.pipe(chipOfLines(() => line).output(19))
      .subscribe()
      .unsubscribe()
    expect(done).toEqual([])
  })

  it('fails when the line cannot be had', () =>
    marbles(({ expectObservable, cold }) => {
      const chip = chipOfLines(() => {
        throw new Error('GPIO 17 is held')
      })
      const error = new Error('GPIO 17 is held')
      expectObservable(chip.input(17, input)).toBe('#', undefined, error)
      expectObservable(cold('-h', levels).pipe(chip.output(17))).toBe('-#', undefined, error)
    }))
})
