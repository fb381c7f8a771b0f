import { concat, from, NEVER, takeUntil, timer } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { deviceStatus } from '../../src/ble/deviceStatus.js'
import type { Reading } from '../../src/model.js'
import type { DeviceReport } from '../../src/operators/throttleReadings.js'
import { collect } from '../support/collect.js'
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
const states = { A: online('attic'), X: offline('attic'), C: online('cellar'), Y: offline('cellar') }

describe('deviceStatus', () => {
  it.each([
    { name: 'says nothing when nothing is heard', source: '-----', expected: '------' },
    { name: 'completes with an empty source', source: '-----|', expected: '-----|' },
    { name: 'says OFFLINE of a device heard once', source: '-a----', expected: '-----X' },
    { name: 'confirms a device that is still heard, once', source: '-a-a-a-a-a', expected: '-----A----' },
    { name: 'says ONLINE when an expired device is heard', source: '-a------a-', expected: '-----X--A-' },
    { name: 'watches each device for itself', source: '-ac-c-----', expected: '-----XC-Y-' },
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

  it('confirms a device half a minute after it was first heard where it expires later', () => {
    marbles(({ hot, expectObservable }) => {
      const source$ = hot('-a-', packets)
      expectObservable(source$.pipe(deviceStatus(600_000)), '^ 40s !').toBe('- 30s A', states)
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
      expect(said[0]).toEqual(offline('device3'))
    })
  })
})
