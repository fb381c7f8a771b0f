import { map, of, range, Subject, take, tap } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { LinkState } from '../../src/delivery/linkState.js'
import type { Reading } from '../../src/model.js'
import { outbox } from '../../src/operators/outbox.js'
import { collect } from '../support/collect.js'
import { marbles } from '../support/marbles.js'

const states = { o: 'open', x: 'down' } as const
const values = {
  a: { destination: 'attic', value: 21 },
  b: { destination: 'attic', value: 22 },
  c: { destination: 'cellar', value: 9 },
  d: { destination: 'cellar', value: 8 },
}
const { a, b, c, d } = values

const cases = [
  {
    name: 'says nothing while the source is silent',
    source: '  -----',
    open: '    -o-x-o',
    expected: '-----',
    subs: '    ^----',
  },
  {
    name: 'completes with an empty source',
    source: '  --|',
    open: '    -o--x',
    expected: '--|',
    subs: '    ^-!',
  },
  {
    name: 'passes a reading while open',
    source: '  --a--|',
    open: '    -o',
    expected: '--a--|',
    subs: '    ^----!',
  },
  {
    name: 'keeps a reading until it opens, for it is closed at first',
    source: '  -a-----|',
    open: '    ----o',
    expected: '----a--|',
    subs: '    ^------!',
  },
  {
    name: 'keeps a reading while it is closed again',
    source: '  --a---b---|',
    open: '    -o--x---o',
    expected: '--a-----b-|',
    subs: '    ^---------!',
  },
  {
    name: 'keeps the latest of each destination, and sends the oldest first',
    source: '  -acb-------|',
    open: '    ------o',
    expected: '------(cb)-|',
    subs: '    ^----------!',
  },
  {
    name: 'sends what it kept once',
    source: '  -a--------|',
    open: '    ---o-x-oo',
    expected: '---a------|',
    subs: '    ^---------!',
  },
  {
    name: 'drops what it kept when the readings complete and there is no link',
    source: '  -a--|',
    open: '    ------o',
    expected: '----|',
    subs: '    ^---!',
  },
  {
    name: 'fails with the source at once, also while closed',
    source: '  -a--#',
    open: '    ------o',
    expected: '----#',
    subs: '    ^---!',
  },
  {
    name: 'goes on with an endless source',
    source: '  -a-b-c-b-',
    open: '    --o-x---o',
    expected: '--ab----(cb)',
    subs: '    ^--------',
  },
  {
    name: 'takes a burst in one frame one by one',
    source: '  ---(abcd)-|',
    open: '    -o',
    expected: '---(abcd)-|',
    subs: '    ^---------!',
  },
]

describe('outbox', () => {
  it.each(cases)('$name', ({ source, open, expected, subs }) =>
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot(source, values)
      const state$ = hot(open, states)
      expectObservable(source$.pipe(outbox(state$))).toBe(expected, values)
      expectSubscriptions(source$.subscriptions).toBe(subs)
      expectSubscriptions(state$.subscriptions).toBe(subs)
    }),
  )

  it('leaves nothing running when it is left', () =>
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot(' --a-----b', values)
      const state$ = hot('   -o------', states)
      const leave = '      ^----!'
      const expected = '   --a---'
      const subs = '       ^----!'
      expectObservable(source$.pipe(outbox(state$)), leave).toBe(expected, values)
      expectSubscriptions(source$.subscriptions).toBe(subs)
      expectSubscriptions(state$.subscriptions).toBe(subs)
    }))

  it('can be left in the middle of a burst that never ends', () => {
    const endless$ = range(0, Infinity).pipe(map((value) => ({ destination: 'attic', value })))
    const said = collect(endless$.pipe(outbox(of('open' as const)), take(2)))
    expect(said.map(({ value }) => value)).toEqual([0, 1])
  })

  it('can be left in the middle of a flush', () =>
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot(' -ac----', values)
      const state$ = hot('   ----o--', states)
      const expected = '   ----(a|)'
      const subs = '       ^---!'
      expectObservable(source$.pipe(outbox(state$), take(1))).toBe(expected, values)
      expectSubscriptions(source$.subscriptions).toBe(subs)
      expectSubscriptions(state$.subscriptions).toBe(subs)
    }))

  it('stays as it was last told to be when nobody tells it any more', () =>
    marbles(({ hot, expectObservable }) => {
      const source$ = hot(' -a---b---|', values)
      const state$ = hot('   --o|', states)
      const expected = '   --a--b---|'
      expectObservable(source$.pipe(outbox(state$))).toBe(expected, values)
    }))

  it('fails with state$, and leaves the source', () =>
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot(' -a---b-|', values)
      const state$ = hot('   --o#', states)
      const expected = '   --a#'
      const subs = '       ^--!'
      expectObservable(source$.pipe(outbox(state$))).toBe(expected, values)
      expectSubscriptions(source$.subscriptions).toBe(subs)
    }))

  it('keeps for each subscriber apart', () =>
    marbles(({ cold, expectObservable }) => {
      const sent$ = cold('-a--|', values).pipe(outbox(cold('--o', states)))
      expectObservable(sent$).toBe('--a-|', values)
      expectObservable(sent$, '---^').toBe('-----a-|', values)
    }))

  it('drops the oldest reading beyond the limit', () => {
    const [source$, state$] = [new Subject<Reading>(), new Subject<LinkState>()]
    const said = collect(source$.pipe(outbox(state$, { limit: 2 })))
    for (const destination of ['attic', 'cellar', 'attic', 'garage']) source$.next({ destination, value: 1 })
    state$.next('open')
    expect(said.map(({ destination }) => destination)).toEqual(['attic', 'garage'])
  })
})

describe('outbox, interrupted in the middle of a flush,', () => {
  /** Keeps `kept`, opens, and calls `interrupt` when the first of them has been sent. */
  function flush(kept: readonly Reading[], interrupt: (link: Link) => void) {
    const link: Link = { source$: new Subject(), state$: new Subject(), said: [] }
    const listen = (reading: Reading) => {
      link.said.push(reading)
      if (link.said.length === 1) interrupt(link)
    }
    link.source$.pipe(outbox(link.state$), tap(listen)).subscribe()
    for (const reading of kept) link.source$.next(reading)
    link.state$.next('open')
    return link
  }

  interface Link {
    readonly source$: Subject<Reading>
    readonly state$: Subject<LinkState>
    readonly said: Reading[]
  }

  it('sends the newer reading instead of the one that waits', () => {
    const { said } = flush([a, c], ({ source$ }) => source$.next(d))
    expect(said).toEqual([a, d])
  })

  it('sends a newer reading of a destination after the older one', () => {
    const { said } = flush([a, c], ({ source$ }) => source$.next(b))
    expect(said).toEqual([a, b, c])
  })

  it('pauses when it is closed, and goes on when it opens', () => {
    const { said, state$ } = flush([a, c], ({ state$ }) => state$.next('down'))
    expect(said).toEqual([a])
    state$.next('open')
    expect(said).toEqual([a, c])
  })

  it('keeps what comes in while it pauses', () => {
    const { said, source$, state$ } = flush([a, c], ({ state$ }) => state$.next('down'))
    source$.next(b)
    expect(said).toEqual([a])
    state$.next('open')
    expect(said).toEqual([a, c, b])
  })

  it('sends everything once when it closes and opens at once', () => {
    const { said } = flush([a, c], ({ state$ }) => {
      state$.next('down')
      state$.next('open')
    })
    expect(said).toEqual([a, c])
  })

  it('sends everything once when it is told again that it is open', () => {
    const { said } = flush([a, c], ({ state$ }) => state$.next('open'))
    expect(said).toEqual([a, c])
  })

  it('sends the rest when the readings complete', () => {
    const { said } = flush([a, c], ({ source$ }) => source$.complete())
    expect(said).toEqual([a, c])
  })

  it('passes readings at once again when the flush is over', () => {
    const { said, source$ } = flush([a], () => undefined)
    source$.next(d)
    expect(said).toEqual([a, d])
  })
})
