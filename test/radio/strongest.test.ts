import { from, NEVER } from 'rxjs'
import { expect, test } from 'vitest'
import type { Advertisement } from '../../src/radio/advertisement.js'
import { strongest } from '../../src/radio/strongest.js'
import { collect } from '../support/collect.js'
import { marbles } from '../../src/testing/marbles.js'

const heard = (rssi: number | undefined, data = '01', address = 'a4:c1:38:11:22:33'): Advertisement => ({
  address,
  ...(rssi !== undefined && { rssi }),
  serviceUuids: [],
  manufacturerData: [],
  serviceData: [],
  event: 'adv_ind',
  data: Buffer.from(data, 'hex'),
})

// One device's packet, weak, strong and unmeasured; another packet of it; the same bytes from another device.
const air = {
  w: heard(-90),
  s: heard(-50),
  u: heard(undefined),
  o: heard(-70, '02'),
  d: heard(-70, '01', 'a4:c1:38:44:55:66'),
}
// A frame is 100 ms.
const tenths = (run: Parameters<typeof marbles>[0]) => marbles(run, 100)
const within = 500

test.each([
  ['a silent air', '-', '            ------------'],
  ['an end', '|', '             |'],
  ['one copy', 'w-----------', '  -----w------'],
  ['the stronger copy', 'w-s--------', ' -----s------'],
  ['the stronger copy when it comes first', 's-w--------', ' -----s------'],
  ['a measured copy before an unmeasured one', 'u-w--------', ' -----w------'],
  ['an unmeasured copy that is the only one', 'u----------', '-----u------'],
  ['a copy that comes too late as a packet of its own', 'w-----s-----', '-----w-----s'],
  ['different packets of one device', 'w-o-------', '-----w-o---'],
  ['the same packet of two devices', 'w-d-------', '-----w-d---'],
  ['an endless stream at once a window', 'wwswwwwwwwwwwwwwww', '-----s-----w-----w'],
  ['what is held when the source ends', 'w-s|', '-----(s|)'],
])('passes on %s', (_, source, expected) => {
  tenths(({ cold, expectObservable }) => {
    const length = Math.max(source.length, expected.trim().length)
    const listen = expected.includes('|') ? undefined : `^${'-'.repeat(length)}!`
    expectObservable(cold(source, air).pipe(strongest(within)), listen).toBe(expected.trim(), air)
  })
})

test('an error passes at once', () => {
  tenths(({ cold, expectObservable, expectSubscriptions }) => {
    const source$ = cold('w-#', air)
    expectObservable(source$.pipe(strongest(within))).toBe('--#', air)
    expectSubscriptions(source$.subscriptions).toBe('^-!')
  })
})

test('nothing is left running after an early unsubscription', () => {
  tenths(({ cold, expectObservable, expectSubscriptions }) => {
    const source$ = cold('w-s', air)
    expectObservable(source$.pipe(strongest(within)), '^--!').toBe('-')
    expectSubscriptions(source$.subscriptions).toBe('    ^--!')
  })
})

test('a synchronous burst is one packet', () => {
  tenths(({ expectObservable }) => {
    expectObservable(from([air.w, air.s, air.w]).pipe(strongest(within))).toBe('-----(s|)', air)
  })
})

test('holds back nothing before something is heard', () => {
  expect(collect(NEVER.pipe(strongest()))).toEqual([])
})
