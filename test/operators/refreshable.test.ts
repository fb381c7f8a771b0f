import { interval, map, NEVER, range, Subject, take, tap } from 'rxjs'
import { describe, expect, it, test } from 'vitest'
import type { Reading } from '../../src/model.js'
import { refreshable } from '../../src/operators/refreshable.js'
import { collect } from '../support/collect.js'
import { marbles } from '../../src/testing/marbles.js'

describe('refreshable', () => {
  const values = {
    a: { destination: 'attic', value: 21 },
    b: { destination: 'attic', value: 22 },
    c: { destination: 'cellar', value: 9 },
  }

  const cases = [
    {
      name: 'says nothing while the source is silent',
      source: '  ----',
      refresh: ' -r-r',
      expected: '----',
      subs: '    ^---',
    },
    {
      name: 'completes with an empty source',
      source: '  --|',
      refresh: ' -r--r',
      expected: '--|',
      subs: '    ^-!',
    },
    {
      name: 'repeats a single reading at every refresh',
      source: '  -a-----|',
      refresh: ' ---r-r',
      expected: '-a-a-a-|',
      subs: '    ^------!',
    },
    {
      name: 'repeats the latest of every destination, not the last reading',
      source: '  -abc-------|',
      refresh: ' -----r',
      expected: '-abc-(bc)--|',
      subs: '    ^----------!',
    },
    {
      name: 'says nothing for a refresh before the first reading, neither then nor later',
      source: '  ----a---|',
      refresh: ' rr----r',
      expected: '----a-a-|',
      subs: '    ^-------!',
    },
    {
      name: 'repeats nothing once the source has completed',
      source: '  -a-|',
      refresh: ' -----r',
      expected: '-a-|',
      subs: '    ^--!',
    },
    {
      name: 'fails with the source',
      source: '  -a--#',
      refresh: ' --r--r',
      expected: '-aa-#',
      subs: '    ^---!',
    },
    {
      name: 'goes on with an endless source',
      source: '  -a--b--a--b',
      refresh: ' --r--r-----',
      expected: '-aa-bb-a--b',
      subs: '    ^----------',
    },
    {
      name: 'takes a burst in one frame one by one',
      source: '  (abc)-----|',
      refresh: ' ------r',
      expected: '(abc)-(bc)|',
      subs: '    ^---------!',
    },
  ]

  it.each(cases)('$name', ({ source, refresh, expected, subs }) =>
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot(source, values)
      const refresh$ = hot(refresh)
      expectObservable(source$.pipe(refreshable(refresh$))).toBe(expected, values)
      expectSubscriptions(source$.subscriptions).toBe(subs)
      expectSubscriptions(refresh$.subscriptions).toBe(subs)
    }),
  )

  it('leaves nothing running when it is left', () =>
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot(' -a-------b', values)
      const refresh$ = hot('---r-----r')
      const leave = '      ^----!'
      const expected = '   -a-a--'
      const subs = '       ^----!'
      expectObservable(source$.pipe(refreshable(refresh$)), leave).toBe(expected, values)
      expectSubscriptions(source$.subscriptions).toBe(subs)
      expectSubscriptions(refresh$.subscriptions).toBe(subs)
    }))

  it('can be left in the middle of a burst that never ends', () => {
    const endless$ = range(0, Infinity).pipe(map((value) => ({ destination: 'attic', value })))
    const said = collect(endless$.pipe(refreshable(NEVER), take(2)))
    expect(said.map(({ value }) => value)).toEqual([0, 1])
  })

  it('goes on with the readings when the refreshes have ended', () =>
    marbles(({ hot, expectObservable }) => {
      const source$ = hot(' -a---b-|', values)
      const refresh$ = hot('--r|')
      const expected = '   -aa--b-|'
      expectObservable(source$.pipe(refreshable(refresh$))).toBe(expected, values)
    }))

  it('fails with the refreshes, and leaves the source', () =>
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot(' -a---b-|', values)
      const refresh$ = hot('--r#')
      const expected = '   -aa#'
      const subs = '       ^--!'
      expectObservable(source$.pipe(refreshable(refresh$))).toBe(expected, values)
      expectSubscriptions(source$.subscriptions).toBe(subs)
    }))

  it('remembers for each subscriber apart', () =>
    marbles(({ cold, expectObservable }) => {
      const refreshed$ = cold('-a-b-|', values).pipe(refreshable(interval(2).pipe(take(1))))
      expectObservable(refreshed$, '^------').toBe('-aab-|', values)
      expectObservable(refreshed$, '---^--------').toBe('----aab-|', values)
    }))

  it('asks no other destination when a reading comes, however many there are', () => {
    let looks = 0
    const watched = (value: number): Reading => ({
      value,
      get destination() {
        looks++
        return `room ${value}`
      },
    })
    const source$ = new Subject<Reading>()
    source$.pipe(refreshable(NEVER)).subscribe()
    source$.next(watched(0))
    const looksAtFirst = looks
    for (let room = 1; room <= 1000; room++) source$.next(watched(room))
    expect(looks).toBe(1001 * looksAtFirst)
  })

  it('forgets the destination not heard for longest beyond the limit', () => {
    const refresh$ = new Subject<void>()
    const source$ = new Subject<Reading>()
    const said = collect(source$.pipe(refreshable(refresh$, 2)))
    for (const destination of ['attic', 'cellar', 'attic', 'garage']) source$.next({ destination, value: 1 })
    refresh$.next()
    expect(said.slice(4).map(({ destination }) => destination)).toEqual(['attic', 'garage'])
  })

  it('may be asked for a refresh in the middle of a reading', () => {
    const refresh$ = new Subject<void>()
    const source$ = new Subject<Reading>()
    const { a, b, c } = values
    const said: Reading[] = []
    const interrupt = (reading: Reading) => {
      said.push(reading)
      if (said.length === 2) refresh$.next()
    }
    source$.pipe(refreshable(refresh$), tap(interrupt)).subscribe()
    for (const reading of [a, c, b]) source$.next(reading)
    expect(said).toEqual([a, c, a, c, b])
  })

  it('never says an older reading after a newer one that came in the middle of a refresh', () => {
    const refresh$ = new Subject<void>()
    const source$ = new Subject<Reading>()
    const { a, b, c } = values
    const colder = { destination: 'cellar', value: 7 }
    const said: Reading[] = []
    const interrupt = (reading: Reading) => {
      said.push(reading)
      if (said.length === 3) source$.next(colder)
    }
    source$.pipe(refreshable(refresh$), tap(interrupt)).subscribe()
    source$.next(a)
    source$.next(c)
    refresh$.next()
    source$.next(b)
    expect(said).toEqual([a, c, a, colder, b])
  })
})

describe('refreshableEvents', () => {
  const values = {
    a: { destination: 'attic', value: 21 },
    e: { destination: 'button', value: 1, event: true as const },
    f: { destination: 'button', value: 2, event: true as const },
  }

  it.each([
    ['passes an event on, and does not repeat it', '  -e-----', '---r-r', '-e'],
    ['passes the same event twice', '                 -e-e---', '-----r', '-e-e'],
    ['repeats the readings around an event', '         -a-e-f---', '-------r', '-a-e-f-a'],
  ])('%s', (_, source, refresh, expected) =>
    marbles(({ hot, expectObservable }) => {
      expectObservable(hot(source.trim(), values).pipe(refreshable(hot(refresh)))).toBe(expected, values)
    }),
  )
})

test('a refresh does not repeat what the broker keeps', () => {
  marbles(({ hot, expectObservable }) => {
    const values = {
      s: { destination: 'bluetooth', value: 'LISTENING', retain: true as const },
      a: { destination: 'attic', value: 21 },
    }
    const readings = '-s-a---'
    const refresh = ' -----r-'
    const expected = '-s-a-a-'
    expectObservable(hot(readings, values).pipe(refreshable(hot(refresh)))).toBe(expected, values)
  })
})
