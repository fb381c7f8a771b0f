import { PassThrough } from 'node:stream'
import { map, NEVER, startWith, tap } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { parseWire, simulatedGpio, typedGpio, type Wire } from '../../src/gpio/simulatedGpio.js'
import { journal } from '../support/journal.js'
import { marbles } from '../../src/testing/marbles.js'
import { recordedLog } from '../support/recordedLog.js'

const wires: Record<string, Wire> = {
  h: { line: 17, level: true },
  l: { line: 17, level: false },
  x: { line: 4, level: true },
}

const levels = { h: true, l: false }

describe('simulatedGpio', () => {
  it.each([
    ['down', '-------', 'l------'],
    ['up', '-------', 'h------'],
    ['down', '-h-x-l-', 'lh---l-'],
    ['down', '-l-h-h-', 'l--h---'],
  ] as const)('says of an input pulled %s and driven %s that it is %s', (pull, driven, expected) =>
    marbles(({ hot, expectObservable }) => {
      const level$ = simulatedGpio(hot(driven, wires)).input(17, { pull, debounce: 0 })
      expectObservable(level$.pipe(map(({ level }) => level))).toBe(expected, levels)
    }),
  )

  it('debounces as the kernel would, and says when', () =>
    marbles(({ hot, expectObservable }) => {
      const level$ = simulatedGpio(hot('-h-l-h---', wires)).input(17, { pull: 'down', debounce: 3 })
      expectObservable(level$).toBe('a-------b', { a: { level: false, at: 0 }, b: { level: true, at: 8 } })
    }))

  it('shows what the outputs are driven to', () =>
    marbles(({ hot, expectObservable, flush }) => {
      const driven: Wire[] = []
      const chip = simulatedGpio(undefined, (wire) => driven.push(wire))
      expectObservable(hot('-h-l', levels).pipe(chip.output(19))).toBe('-h-l', levels)
      flush()
      expect(driven).toEqual([
        { line: 19, level: true },
        { line: 19, level: false },
      ])
    }))

  it('gives a line to one at a time', () =>
    marbles(({ hot, expectObservable }) => {
      const chip = simulatedGpio()
      const output$ = hot('-h-', levels).pipe(chip.output(17))
      const held = new Error(
        'expected GPIO 17 to be free, but "sensor_reporter" holds it: end that, or choose another Pin',
      )
      expectObservable(output$, '^---!').toBe('-h', levels)
      expectObservable(chip.input(17, { pull: 'up', debounce: 0 }), '--^').toBe('--#', undefined, held)
      expectObservable(
        chip.input(17, { pull: 'up', debounce: 0 }).pipe(map(({ level }) => level)),
        '-----^',
      ).toBe('-----h', levels)
    }))
})

describe('parseWire', () => {
  it.each([
    ['17 HIGH', { line: 17, level: true }],
    [' 4 low ', { line: 4, level: false }],
    ['27 1', { line: 27, level: true }],
    ['0 0', { line: 0, level: false }],
    ['17', undefined],
    ['button HIGH', undefined],
    ['17 2', undefined],
    ['', undefined],
  ])('reads %j', (text, expected) => {
    expect(parseWire(text)).toEqual(expected)
  })
})

describe('typedGpio', () => {
  it('is wired to what somebody types, also after all inputs were left', async () => {
    const input = new PassThrough()
    const { log, lines, until } = recordedLog()
    const chip = typedGpio(input, log)
    const said = journal<boolean>()
    const listen = () =>
      chip
        .input(17, { pull: 'up', debounce: 0 })
        .pipe(tap(({ level }) => said.add(level)))
        .subscribe()
    const first = listen()
    input.write('hello\x07\n17 LOW\n')
    await said.until((level) => !level)
    first.unsubscribe()
    const second = listen()
    input.write('17 0\n')
    await said.until((level) => !level, 3)
    second.unsubscribe()
    expect(said.entries).toEqual([true, false, true, false])
    await until(/got "hello\\u\{7\}"/)
    expect(lines).toHaveLength(1)
  })

  it('says what its outputs are set to', () => {
    const { log, lines } = recordedLog()
    NEVER.pipe(startWith(true), typedGpio(new PassThrough(), log).output(19)).subscribe().unsubscribe()
    expect(lines).toEqual(['info: GPIO 19 is HIGH'])
  })
})
