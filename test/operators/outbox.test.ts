import { concat, defer, NEVER, map, materialize, of, range, Subject, take, tap } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { deliveryCounts, type LinkState } from '../../src/delivery/deliveries.js'
import type { Spool } from '../../src/delivery/spool.js'
import type { Delivery, OfflinePolicy, Reading } from '../../src/model.js'
import { outbox } from '../../src/operators/outbox.js'
import { allOf } from '../ble/allOf.js'
import { collect } from '../support/collect.js'
import { marbles } from '../../src/testing/marbles.js'

describe('outbox', () => {
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
      for (const destination of ['attic', 'cellar', 'attic', 'garage'])
        source$.next({ destination, value: 1 })
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
})

describe('outboxEvents', () => {
  const values = {
    a: { destination: 'attic', value: 21 },
    e: { destination: 'button', value: 1, event: true as const },
  }

  it.each([
    ['passes an event while the link is up', '          -----e', 'o', '-----e'],
    ['drops an event while the link is down, since it would be late', '-a-e-----', '------o', '------a'],
    ['drops an event before the link is first up', '     -e--', '-----', '-----'],
  ])('%s', (_, source, online, expected) =>
    marbles(({ hot, expectObservable }) => {
      const state$ = hot(online, { o: 'open' as const })
      expectObservable(hot(source.trim(), values).pipe(outbox(state$))).toBe(expected, values)
    }),
  )

  it('passes an event that happens while what was kept goes out', async () => {
    const readings$ = new Subject<Reading>()
    const state$ = new Subject<LinkState>()
    const sent$ = readings$.pipe(
      outbox(state$),
      tap(({ destination }) => {
        if (destination === 'attic') readings$.next(values.e)
      }),
      take(3),
      map(({ destination }) => destination),
    )
    const sent = allOf(sent$)
    readings$.next(values.a)
    readings$.next({ destination: 'cellar', value: 9 })
    state$.next('open')
    expect((await sent).toSorted()).toEqual(['attic', 'button', 'cellar'])
  })
})

describe('outboxPolicies', () => {
  const states = { o: 'open', f: 'full', x: 'down' } as const

  const attic = (value: number): Reading => ({ destination: 'attic', value })

  const values = {
    a: attic(1),
    b: attic(2),
    c: attic(3),
    d: { destination: 'cellar', value: 4 },
    e: { destination: 'button', value: 5, event: true as const },
    g: { destination: 'status', value: 6, forgets: ['attic'] },
  }

  interface Case {
    readonly name: string
    readonly delivery: Delivery
    readonly source: string
    readonly link: string
    readonly expected: string
  }

  const none: Delivery = { offline: 'none' }

  const last2: Delivery = { offline: { last: 2 } }

  const all: Delivery = { offline: 'all' }

  const cases: readonly Case[] = [
    {
      name: 'none drops what cannot be sent at once',
      delivery: none,
      source: '  -a-b---c--',
      link: '    -ox---o---',
      expected: '-a-----c--',
    },
    {
      name: 'none drops what the socket does not take',
      delivery: none,
      source: '  -a-b---c--',
      link: '    -of---o---',
      expected: '-a-----c--',
    },
    {
      name: 'last 2 keeps the newest two of each destination',
      delivery: last2,
      source: '  -abdc-------',
      link: '    -------o----',
      expected: '-------(bdc)',
    },
    {
      name: 'all keeps everything, events too',
      delivery: all,
      source: '  -aebdc---------',
      link: '    -------o-------',
      expected: '-------(aebdc)-',
    },
    {
      name: 'all sends what was kept before it completes while there is a link',
      delivery: all,
      source: '  -ab-|',
      link: '    -f---o',
      expected: '-----(ab|)',
    },
    {
      name: 'all says nothing while the source is silent',
      delivery: all,
      source: '  ------',
      link: '    -o-x-o',
      expected: '------',
    },
    { name: 'all completes with an empty source', delivery: all, source: '--|', link: '-o', expected: '--|' },
    { name: 'all fails with the source', delivery: all, source: '-a-#', link: '----o', expected: '---#' },
  ]

  describe('outbox with Offline', () => {
    it.each(cases)('$name', ({ delivery, source, link, expected }) =>
      marbles(({ hot, expectObservable }) => {
        const state$ = hot(link.trim(), states)
        expectObservable(hot(source.trim(), values).pipe(outbox(state$, { delivery }))).toBe(expected, values)
      }),
    )

    it('lets a reading say itself how it is delivered', () => {
      const state$ = new Subject<'open'>()
      const readings$ = new Subject<Reading>()
      const sent = collect(readings$.pipe(outbox(state$, { delivery: all })))
      readings$.next({ ...attic(1), delivery: none })
      readings$.next({ ...attic(2), delivery: last2 })
      readings$.next({ ...attic(3), delivery: { qos: 1 } })
      state$.next('open')
      expect(sent.map(({ value }) => value)).toEqual([2, 3])
    })

    it('takes back the latest that is no longer true, and nothing of a series', () => {
      const waiting = (offline: OfflinePolicy) => {
        const state$ = new Subject<'open'>()
        const readings$ = new Subject<Reading>()
        const sent = collect(readings$.pipe(outbox(state$, { delivery: { offline } })))
        for (const reading of [values.a, values.g]) readings$.next(reading)
        state$.next('open')
        return sent
      }
      expect(waiting('latest')).toEqual([values.g])
      expect(waiting('all')).toEqual([values.a, values.g])
    })

    it('keeps no more than the limit, and counts what it drops', () => {
      const state$ = new Subject<'open'>()
      const readings$ = new Subject<Reading>()
      const counts = deliveryCounts()
      const dropped: string[] = []
      const onDrop = (reason: string) => void dropped.push(reason)
      const sent = collect(readings$.pipe(outbox(state$, { delivery: all, limit: 2, counts, onDrop })))
      for (const value of [1, 2, 3, 4]) readings$.next(attic(value))
      expect(counts).toMatchObject({ kept: 4, waiting: 2, dropped: { overflow: 2 } })
      expect(dropped).toEqual(['overflow', 'overflow'])
      state$.next('open')
      expect(sent.map(({ value }) => value)).toEqual([3, 4])
    })
  })

  describe('outbox at QoS 1', () => {
    const qos1 = { qos: 1, offline: 'all' } as const

    it('gives the last acknowledgements a second, then it completes', () =>
      marbles(({ hot, expectObservable }) => {
        const source = '  -a--|'
        const link = '    o----'
        const expected = '-a-- 1s |'
        expectObservable(hot(source, values).pipe(outbox(hot(link, states), { delivery: qos1 }))).toBe(
          expected,
          values,
        )
      }))

    it('completes when the last acknowledgement is there, or the link is lost', () =>
      marbles(({ hot, expectObservable }) => {
        const source = '  -a--|'
        const acks = '    ------a'
        const link = '    o------'
        const lost = '    o----x-'
        const sent = '    -a----|'
        const cutOff = '  -a---|'
        const acknowledged$ = hot(acks, values)
        const options = { delivery: qos1, acknowledged$ }
        expectObservable(hot(source, values).pipe(outbox(hot(link, states), options))).toBe(sent, values)
        expectObservable(hot(source, values).pipe(outbox(hot(lost, states), options))).toBe(cutOff, values)
      }))

    it('keeps only the latest, where that is asked for, of what waits for the window', () => {
      const [readings$, acknowledged$] = [new Subject<Reading>(), new Subject<Reading>()]
      const options = { delivery: { qos: 1 } as const, window: 1, acknowledged$ }
      const sent = collect(readings$.pipe(outbox(of('open' as const), options)))
      for (const reading of [values.a, values.b, values.c]) readings$.next(reading)
      expect(sent).toEqual([values.a])
      acknowledged$.next(values.a)
      expect(sent).toEqual([values.a, values.c])
    })

    it.each([
      ['latest', { qos: 1 }, [3]],
      ['last 2', { qos: 1, offline: { last: 2 } }, [2, 3]],
      ['none', { qos: 1, offline: 'none' }, []],
      ['all', { qos: 1, offline: 'all' }, [1, 2, 3]],
    ] as const)('sends as much as %s asks for of what was lost with the link', (_, delivery, expected) => {
      const readings$ = new Subject<Reading>()
      const state$ = new Subject<LinkState>()
      const sent = collect(readings$.pipe(outbox(state$, { delivery })))
      state$.next('open')
      for (const reading of [values.a, values.b, values.c]) readings$.next(reading)
      state$.next('down')
      state$.next('open')
      expect(sent.map(({ value }) => value)).toEqual([1, 2, 3, ...expected])
    })

    it('can be acknowledged in the moment it is sent', () => {
      const [readings$, acknowledged$] = [new Subject<Reading>(), new Subject<Reading>()]
      const sent: Reading[] = []
      readings$
        .pipe(
          outbox(of('open' as const), { delivery: qos1, window: 1, acknowledged$ }),
          tap((reading) => {
            sent.push(reading)
            acknowledged$.next(reading)
          }),
        )
        .subscribe()
      for (const reading of [values.a, values.b, values.c]) readings$.next(reading)
      expect(sent).toEqual([values.a, values.b, values.c])
    })

    it('does not send again what was acknowledged after all when the link was lost', () => {
      const [readings$, acknowledged$] = [new Subject<Reading>(), new Subject<Reading>()]
      const state$ = new Subject<'open' | 'down'>()
      const sent = collect(readings$.pipe(outbox(state$, { delivery: qos1, acknowledged$ })))
      state$.next('open')
      for (const reading of [values.a, values.b]) readings$.next(reading)
      state$.next('down')
      acknowledged$.next(values.a)
      state$.next('open')
      expect(sent).toEqual([values.a, values.b, values.b])
    })
  })

  /** A spool that only says what it is told. */
  function spoolWith(...entries: Spool['entries'][number][]) {
    const held = new Map(entries.map(({ sequence, reading }) => [sequence, reading.value]))
    let sequence = 100
    const spool: Spool = {
      entries,
      append: ({ value }) => {
        held.set((sequence += 1), value)
        return sequence
      },
      done: (number) => void held.delete(number),
    }
    return { spool, held: () => [...held.values()] }
  }

  describe('outbox with a Spool', () => {
    const delivery: Delivery = { qos: 1, offline: 'all', spool: 'home' }

    it('takes over spools that come later, each once, and does not disturb the link', () => {
      const readings$ = new Subject<Reading>()
      const [first, second] = [
        spoolWith({ sequence: 1, reading: { ...values.a, at: 1 } }),
        spoolWith({ sequence: 2, reading: { ...values.b, at: 1 } }),
      ]
      const spools$ = new Subject<ReadonlyMap<string, Spool>>()
      let subscriptions = 0
      const state$ = defer(() => {
        subscriptions += 1
        return concat(of('open' as const), NEVER)
      })
      const sent = collect(readings$.pipe(outbox(state$, { delivery, acknowledged$: NEVER, spools$ })))
      spools$.next(new Map([['home', first.spool]]))
      spools$.next(
        new Map([
          ['home', first.spool],
          ['away', second.spool],
        ]),
      )
      expect(sent).toEqual([
        { ...values.a, at: 1 },
        { ...values.b, at: 1 },
      ])
      expect(subscriptions).toBe(1)
    })

    it('sends what an earlier run left before anything else, and nothing before the spool is open', () => {
      const [readings$, acknowledged$] = [new Subject<Reading>(), new Subject<Reading>()]
      const spools$ = new Subject<ReadonlyMap<string, Spool>>()
      const { spool, held } = spoolWith({ sequence: 7, reading: { ...values.a, at: 1 } })
      const sent = collect(readings$.pipe(outbox(of('open' as const), { delivery, acknowledged$, spools$ })))
      readings$.next(values.b)
      expect(sent).toEqual([])
      spools$.next(new Map([['home', spool]]))
      expect(sent.map(({ value }) => value)).toEqual([1, 2])
      expect(held()).toEqual([1, 2])
      for (const reading of sent) acknowledged$.next(reading)
      expect(held()).toEqual([])
    })

    it('holds a reading until it is acknowledged, and lets go of it when it is dropped', () => {
      const [readings$, acknowledged$] = [new Subject<Reading>(), new Subject<Reading>()]
      const { spool, held } = spoolWith()
      const spools$ = of(new Map([['home', spool]]))
      const options = { delivery, acknowledged$, spools$, window: 1, limit: 1 }
      readings$.pipe(outbox(of('open' as const), options)).subscribe()
      for (const reading of [values.a, values.b, values.c]) readings$.next(reading)
      expect(held()).toEqual([1, 3])
      acknowledged$.next(values.a)
      expect(held()).toEqual([3])
    })

    it('waits for the spool, so that readings are safe, when it is told to end before that is open', () => {
      const readings$ = new Subject<Reading>()
      const spools$ = new Subject<ReadonlyMap<string, Spool>>()
      const { spool, held } = spoolWith()
      const sent = collect(readings$.pipe(outbox(of('down' as const), { delivery, spools$ }), materialize()))
      readings$.next(values.a)
      readings$.complete()
      expect(sent).toEqual([])
      spools$.next(new Map([['home', spool]]))
      expect(sent).toMatchObject([{ kind: 'C' }])
      expect(held()).toEqual([1])
    })

    it('holds nothing that only the latest is wanted of', () => {
      const readings$ = new Subject<Reading>()
      const { spool, held } = spoolWith()
      const options = {
        delivery: { qos: 1, spool: 'home' } as const,
        spools$: of(new Map([['home', spool]])),
      }
      readings$.pipe(outbox(of('open' as const), options)).subscribe()
      readings$.next(values.a)
      expect(held()).toEqual([])
    })

    it('puts a reading behind older ones of its destination that the file held', () => {
      const readings$ = new Subject<Reading>()
      const spools$ = new Subject<ReadonlyMap<string, Spool>>()
      const { spool } = spoolWith({ sequence: 7, reading: { ...values.a, at: 1, delivery } })
      const sent = collect(readings$.pipe(outbox(of('open' as const), { spools$ })))
      readings$.next(values.b)
      spools$.next(new Map([['home', spool]]))
      expect(sent.map(({ value }) => value)).toEqual([1, 2])
    })
  })

  it('tells at the end how many of a series were not delivered, and how many latest states', () =>
    marbles(({ hot, expectObservable, flush }) => {
      const told: [unsaved: number, latest: number][] = []
      const series = { destination: 'attic', value: 1, delivery: { offline: 'all' } } as const
      const values = { a: series, b: { ...series, value: 2 }, c: { destination: 'cellar', value: 3 } }
      const readings$ = hot('-abc|', values)
      const states$ = hot<LinkState>('d---', { d: 'down' })
      expectObservable(readings$.pipe(outbox(states$, { onEnd: (...counts) => told.push(counts) }))).toBe(
        '----|',
      )
      flush()
      expect(told).toEqual([[2, 1]])
    }))
})
