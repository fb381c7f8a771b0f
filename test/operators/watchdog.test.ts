import { EMPTY, from, NEVER } from 'rxjs'
import { test } from 'vitest'
import { watchdog } from '../../src/operators/watchdog.js'
import { marbles } from '../../src/testing/marbles.js'

// A frame is a second: the first alarm comes after 3 s, then after 1, 2, 4 … s more.
const silence = 3000
const alarms = { x: 0, a: 1, b: 2, c: 3, d: 4 }
const seconds = (run: Parameters<typeof marbles>[0]) => marbles(run, 1000)

test('a source that never says anything raises ever rarer alarms', () => {
  seconds(({ expectObservable }) => {
    expectObservable(NEVER.pipe(watchdog(silence)), '^----------!').toBe('---ab-c---d', alarms)
  })
})

test('a source that ends at once raises none', () => {
  seconds(({ expectObservable }) => {
    expectObservable(EMPTY.pipe(watchdog(silence))).toBe('|')
  })
})

test('one value puts the alarm off', () => {
  seconds(({ cold, expectObservable, expectSubscriptions }) => {
    const source$ = cold('--v')
    const listen = '      ^------!'
    const expected = '    -----ab'
    expectObservable(source$.pipe(watchdog(silence)), listen).toBe(expected, alarms)
    expectSubscriptions(source$.subscriptions).toBe(listen)
  })
})

test('many values raise none, and the first one after an alarm ends it', () => {
  seconds(({ cold, expectObservable }) => {
    const source$ = cold('-vvv-v--v-----v--v---------')
    const listen = '      ^-----------------------!'
    const expected = '    -----------ab-x-----ab-c-'
    expectObservable(source$.pipe(watchdog(silence)), listen).toBe(expected, alarms)
  })
})

test('the source ends, and so do the alarms', () => {
  seconds(({ cold, expectObservable }) => {
    expectObservable(cold('v----|').pipe(watchdog(silence))).toBe('---ab|', alarms)
  })
})

test('an error passes', () => {
  seconds(({ cold, expectObservable }) => {
    expectObservable(cold('v---#').pipe(watchdog(silence))).toBe('---a#', alarms)
  })
})

test('an endless busy source raises none, however often it speaks', () => {
  marbles(({ cold, expectObservable }) => {
    const busy$ = cold('v 70ms v 900ms v 1s v 2s v 2999ms v 2900ms v')
    expectObservable(busy$.pipe(watchdog(silence)), '^ 9900ms !').toBe('-')
  })
})

test('nothing is left running after an early unsubscription', () => {
  seconds(({ cold, expectObservable, expectSubscriptions }) => {
    const source$ = cold('v----v')
    const listen = '      ^---!'
    expectObservable(source$.pipe(watchdog(silence)), listen).toBe('---a', alarms)
    expectSubscriptions(source$.subscriptions).toBe(listen)
  })
})

test('a synchronous burst counts as one value', () => {
  seconds(({ expectObservable }) => {
    expectObservable(from([1, 2, 3]).pipe(watchdog(silence))).toBe('|')
  })
})

test('pauses grow to ten minutes at most', () => {
  marbles(({ expectObservable }) => {
    const said = { ...alarms, e: 5, f: 6, g: 7 }
    const expected = '90s a 29999ms b 59999ms c 119999ms d 239999ms e 479999ms f 599999ms g'
    expectObservable(NEVER.pipe(watchdog(90_000)), '^ 1700s !').toBe(expected, said)
  })
})

test('without a limit to silence there is no alarm', () => {
  seconds(({ cold, expectObservable }) => {
    expectObservable(cold('v').pipe(watchdog(0)), '^ 1440m !').toBe('-')
  })
})

test('each subscription has a clock of its own', () => {
  seconds(({ expectObservable }) => {
    const alarms$ = NEVER.pipe(watchdog(silence))
    expectObservable(alarms$, '^---!').toBe('   ---a', alarms)
    expectObservable(alarms$, '--^---!').toBe(' -----a', alarms)
  })
})
