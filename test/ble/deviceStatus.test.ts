import { concat, from, mergeMap, NEVER, takeUntil, timer } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { deviceStatus } from '../../src/ble/deviceStatus.js'
import type { Reading } from '../../src/model.js'
import type { DeviceReport } from '../../src/operators/throttleReadings.js'
import { collect } from '../support/collect.js'
import { recordedLog } from '../support/recordedLog.js'
import { marbles } from '../../src/testing/marbles.js'

const packet = (device: string): DeviceReport => ({
  device,
  readings: [
    { destination: `${device}/temp_c`, value: 21 },
    { destination: `${device}/battery`, value: 90 },
  ],
})
const packets = { a: packet('attic'), c: packet('cellar') }

const online = (device: string): Reading => ({
  destination: `${device}/status`,
  value: 'ONLINE',
  retain: true,
})
const offline = (device: string): Reading => ({
  destination: `${device}/status`,
  value: 'OFFLINE',
  retain: true,
  forgets: [`${device}/temp_c`, `${device}/battery`],
  device,
})
const cleared = (device: string): Reading => ({ ...offline(device), value: '' })
const states = {
  F: cleared('attic'),
  G: cleared('cellar'),
  A: online('attic'),
  X: offline('attic'),
  C: online('cellar'),
  Y: offline('cellar'),
}

describe('deviceStatus', () => {
  it.each([
    { name: 'says nothing when nothing is heard', source: '-----', expected: '------' },
    { name: 'completes with an empty source', source: '-----|', expected: '-----|' },
    { name: 'leaves nothing retained of a device heard once', source: '-a----', expected: '-----F' },
    { name: 'says OFFLINE of a device heard twice', source: '-a---a-----', expected: '-----A---X-' },
    { name: 'confirms a device that is still heard, once', source: '-a-a-a-a-a', expected: '-----A----' },
    { name: 'says ONLINE when an expired device is heard', source: '-a------a-', expected: '-----F--A-' },
    { name: 'watches each device for itself', source: '-ac-c-----', expected: '-----F--G-' },
    { name: 'says nothing more when the source has ended', source: '-a|', expected: '--|' },
    { name: 'passes an error on', source: '-a-#', expected: '---#' },
  ])('$name', ({ source, expected }) =>
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot(source, packets)
      const end = '------------!'
      expectObservable(source$.pipe(deviceStatus(4)), end).toBe(expected, states)
      expectSubscriptions(source$.subscriptions).toBe(
        source.includes('|') || source.includes('#')
          ? `^${'-'.repeat(source.search(/[|#]/) - 1)}!`
          : `^${end.slice(1)}`,
      )
    }),
  )

  it('says OFFLINE of a device that is waited for and never heard, and ONLINE when it is', () => {
    marbles(({ hot, expectObservable }) => {
      const source$ = hot('------a---', packets)
      const never = { ...offline('attic'), forgets: [] }
      expectObservable(source$.pipe(deviceStatus(4, ['attic'])), '---------!').toBe('----X-A', {
        ...states,
        X: never,
      })
    })
  })

  it('confirms a device when it is heard again half a minute after the first time', () => {
    marbles(({ hot, expectObservable }) => {
      const source$ = hot('-a 29s a 10s a', packets)
      expectObservable(source$.pipe(deviceStatus(600_000)), '^ 60s !').toBe('- 39s 2ms A', states)
    })
  })

  it('leaves no timer behind when it is left early', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot('-a--------', packets)
      expectObservable(source$.pipe(deviceStatus(4)), '---!').toBe('----')
      expectSubscriptions(source$.subscriptions).toBe('    ^--!')
    })
  })

  it('takes a burst in one turn, and remembers no more devices than it may', () => {
    marbles(({ flush }) => {
      const burst = Array.from({ length: 6 }, (_, index) => packet(`device${index}`))
      const said = collect(concat(from(burst), NEVER).pipe(deviceStatus(4, [], 3), takeUntil(timer(10))))
      flush()
      expect(said).toHaveLength(3)
      expect(said[0]).toEqual(cleared('device3'))
    })
  })

  it('clears what is retained of a device that stays away for a day, unless it is configured', () => {
    marbles(({ hot, expectObservable }) => {
      const source$ = hot('a 59s 999ms a', packets)
      const clear = { ...cleared('attic'), forgets: [] }
      expectObservable(source$.pipe(deviceStatus(60_000)), '^ 2940m !').toBe(
        '60s A 59s 999ms X 86339s 999ms F',
        { ...states, F: clear },
      )
      expectObservable(source$.pipe(deviceStatus(60_000, ['attic'])), '^ 2940m !').toBe(
        'A 119s 999ms X',
        states,
      )
    })
  })

  it('never says OFFLINE of a device that speaks only when something happens, once it is ONLINE', () => {
    marbles(({ hot, expectObservable }) => {
      const source$ = hot('a 59s 999ms a', { a: { ...packet('attic'), triggered: true as const } })
      for (const awaited of [[], ['attic']])
        expectObservable(source$.pipe(deviceStatus(70_000, awaited)), '^ 2940m !').toBe(
          awaited.length > 0 ? 'A' : '60s A',
          states,
        )
    })
  })

  it('says nothing of more devices than it may, and the log hears of it once', () => {
    marbles(({ flush }) => {
      const burst = Array.from({ length: 6 }, (_, index) => packet(`device${index}`))
      const { log, lines } = recordedLog()
      const twice = concat(from(burst), timer(40_000).pipe(mergeMap(() => burst)), NEVER)
      const said = collect(
        twice.pipe(
          deviceStatus(600_000, ['device0', 'device1', 'device2'], 4, log),
          takeUntil(timer(50_000)),
        ),
      )
      flush()
      expect(said.map(({ destination }) => destination).sort()).toEqual(
        [0, 1, 2, 3].map((index) => `device${index}/status`),
      )
      expect(lines).toHaveLength(1)
    })
  })
})
