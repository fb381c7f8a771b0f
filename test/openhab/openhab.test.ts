import { BehaviorSubject, concat, defer, NEVER, of, Subject, throwError } from 'rxjs'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Command, Reading } from '../../src/model.js'
import { openhabConnection } from '../../src/openhab/openhab.js'
import { OpenhabREST } from '../../src/openhab/openhabPlugin.js'
import { RefusedError, type Wire } from '../../src/openhab/wire.js'
import { marbles } from '../../src/testing/marbles.js'
import { journal } from '../support/journal.js'
import { quietLog } from '../support/quietLog.js'
import { recordedLog } from '../support/recordedLog.js'
import { scriptedOpenhab, type Script } from '../support/scriptedOpenhab.js'

const options = { name: 'oh', refreshItem: 'Refresh', version: 4, commandSources$: of(['Lamp']) }
const reading = (value: number): Reading => ({ destination: 'Attic', value })
const event = (item: string, value: string) => ({
  data: JSON.stringify({ topic: `openhab/items/${item}/command`, payload: JSON.stringify({ value }) }),
})
const events = {
  o: 'opened' as const,
  c: event('Lamp', 'ON'),
  u: event('Lamp', 'UNDEF'),
  r: event('Refresh', 'ON'),
  s: event('Stove', 'ON'),
  g: { data: '{"topic": 7, [' },
  l: { data: '{"type":"ALIVE"}' },
}

describe('openhabConnection', () => {
  it.each([
    {
      name: 'puts nothing before the stream opens, then the latest',
      readings: 'a-b----',
      stream: '---o---',
      puts: '---b---',
    },
    {
      name: 'puts it when the stream is open again',
      readings: '-a--b 1s -',
      stream: 'o-#',
      puts: '-a 1s b',
    },
    { name: 'does without what is no event', readings: '----a--', stream: 'og-----', puts: '----a--' },
  ])('$name', ({ readings, stream, puts }) =>
    marbles(({ cold, hot, expectObservable }) => {
      const put$ = new Subject<string>()
      const wire: Wire = {
        put: (_, state) => {
          put$.next(state)
          return of(202)
        },
        events: () => cold(stream, events),
      }
      expectObservable(put$).toBe(puts, { a: '1', b: '2' })
      const readings$ = hot(readings, { a: reading(1), b: reading(2) })
      expectObservable(openhabConnection(wire, options, quietLog())(readings$), '^ 1500ms !').toBe('')
    }),
  )

  it('makes commands of those that somebody waits for, and of no others', () =>
    marbles(({ cold, expectObservable }) => {
      const wire: Wire = { put: () => of(202), events: () => cold('o-c-u-s-r-g-c', events) }
      const commands$ = openhabConnection(wire, options, quietLog())(NEVER)
      const c: Command = { source: 'Lamp', payload: 'ON', from: 'oh' }
      expectObservable(commands$, '^ 20ms !').toBe('--c---------c', { c })
    }))

  it.each([
    { name: 'that has said that it is alive, after half a minute', stream: 'l', at: 30 },
    { name: 'that never said so, after five minutes', stream: 'o', at: 300 },
  ])('opens a silent stream anew: one $name', ({ stream, at }) =>
    marbles(({ cold, expectObservable }) => {
      const opened$ = new Subject<string>()
      const wire: Wire = {
        put: () => of(202),
        events: () =>
          defer(() => {
            opened$.next('e')
            return cold(stream, events)
          }),
      }
      const lost$ = new Subject<string>()
      const linked = (isUp: boolean) => {
        if (!isUp) lost$.next('l')
      }
      expectObservable(opened$).toBe(`e ${at * 1000 - 1}ms e`)
      // Where it opens at once, nothing was lost.
      expectObservable(lost$).toBe('')
      const connection = openhabConnection(wire, options, quietLog(), { linked })
      expectObservable(connection(NEVER), `^ ${at + 2}s !`).toBe('')
    }),
  )

  it('says once why it cannot be had', () =>
    marbles(({ expectObservable, flush }) => {
      const { log, lines } = recordedLog()
      const refused = new RefusedError(401)
      const wire: Wire = {
        put: () => of(202),
        events: () => throwError(() => refused),
      }
      expectObservable(openhabConnection(wire, options, log)(NEVER), '^ 100s !').toBe('')
      flush()
      expect(lines.filter((line) => line.includes('it wants a token'))).toHaveLength(1)
    }))

  it('tells when the link comes and goes, and why it cannot be had', () =>
    marbles(({ cold, expectObservable, flush }) => {
      const told: boolean[] = []
      const states: string[] = []
      const wire: Wire = { put: () => of(202), events: () => cold('o-#', events, new RefusedError(401)) }
      const linked = (isUp: boolean) => void told.push(isUp)
      const tell = (state: string, ok: boolean) => void states.push(`${ok} ${state}`)
      expectObservable(openhabConnection(wire, options, quietLog(), { linked, tell })(NEVER), '^-----!').toBe(
        '',
      )
      flush()
      expect(told).toEqual([true, false])
      expect(states).toEqual([
        'true connected to openHAB',
        expect.stringMatching(/^false openHAB: it wants a token/),
      ])
    }))

  it.each([
    { name: 'again after five seconds', event: false, stream: 'o', puts: 'a 4999ms a' },
    { name: 'not where something newer was said', event: false, newer: true, stream: 'o', puts: 'a 999ms b' },
    { name: 'once, where it is an event', event: true, stream: 'o', puts: 'a' },
    {
      name: 'with all the rest, where the stream was lost meanwhile',
      event: false,
      stream: 'o 3s #',
      puts: 'a 4000ms a',
    },
  ])('puts what got no answer $name', ({ event, newer = false, stream, puts }) =>
    marbles(({ cold, expectObservable }) => {
      const put$ = new Subject<string>()
      const wire: Wire = {
        put: (_, state) =>
          defer(() => {
            put$.next(state)
            return state === '1' ? throwError(() => new Error('no answer')) : of(202)
          }),
        events: () => cold(stream, events),
      }
      expectObservable(put$, '^ 5500ms !').toBe(puts, { a: '1', b: '2' })
      const readings$ = cold(newer ? 'a 999ms b' : 'a', {
        a: { ...reading(1), ...(event && { event: true as const }) },
        b: reading(2),
      })
      expectObservable(openhabConnection(wire, options, quietLog())(readings$), '^ 5500ms !').toBe('')
    }),
  )

  it('puts a state again that a broker would keep, and nothing of what the program says of itself', () =>
    marbles(({ cold, expectObservable }) => {
      const put$ = new Subject<string>()
      const wire: Wire = {
        put: (item) => {
          put$.next(item.charAt(0))
          return of(202)
        },
        events: () => cold('o-r', events),
      }
      expectObservable(put$).toBe('S-S')
      const said: Reading[] = ['Status', 'bluetooth', 'Attic/status'].map((destination) => ({
        destination,
        value: 'ONLINE',
        retain: true,
      }))
      expectObservable(openhabConnection(wire, options, quietLog())(concat(said, NEVER)), '^-----!').toBe('')
    }))
})

/** A connection of a file to an openHAB over real sockets. */
async function connected(
  script?: (item: string) => Script,
  parameters: Readonly<Record<string, string>> = {},
  token?: string,
) {
  const openhab = await scriptedOpenhab(script, token)
  const texts = {
    Name: 'oh',
    URL: openhab.url,
    RefreshItem: 'Refresh',
    'openHAB-Version': '4.3',
    ...parameters,
  }
  const parsed = await OpenhabREST.options.parseAsync(texts)
  const { log, lines, until } = recordedLog()
  const links = journal<boolean>()
  const wiring$ = new BehaviorSubject({
    commandSources: ['Lamp'],
    spools: {},
    expected: { topics: [], identities: [], strangers: true },
  })
  const connection = OpenhabREST.create(parsed, {
    section: 'C',
    log,
    advertisements$: NEVER,
    wiring$,
    linked: links.add,
  })
  const readings$ = new Subject<Reading>()
  const commands = journal<string>()
  const isDone = journal<boolean>()
  const subscription = connection(readings$).subscribe({
    next: ({ source, payload }) => commands.add(`${source} ${payload}`),
    error: () => isDone.add(false),
    complete: () => isDone.add(true),
  })
  onTestFinished(() => subscription.unsubscribe())
  return {
    ...openhab,
    lines,
    logged: until,
    commands,
    isDone,
    up: () => links.until((isUp) => isUp),
    end: () => readings$.complete(),
    say: (destination: string, value: string | number) => readings$.next({ destination, value }),
  }
}

describe('Class = openhab_rest.rest_conn.OpenhabREST, over real sockets', () => {
  it('asks for commands only, puts states and takes commands', async () => {
    const { streams, puts, say, command, commands } = await connected()
    expect(await streams.until(() => true)).toBe('/rest/events?topics=openhab/items/*/command')
    say('Attic', 21.7)
    await puts.until((put) => put === 'PUT Attic 21.7')
    command('Lamp', 'ON')
    command('Stove', 'ON')
    command('Lamp', 'OFF')
    await commands.until((said) => said === 'Lamp OFF')
    expect(commands.entries).toEqual(['Lamp ON', 'Lamp OFF'])
  })

  it('speaks of smarthome before the third version', async () => {
    const { streams, command, commands } = await connected(undefined, { 'openHAB-Version': '2.5' })
    expect(await streams.until(() => true)).toBe('/rest/events?topics=smarthome/items/*/command')
    command('Lamp', 'ON', 'smarthome')
    await commands.until((said) => said === 'Lamp ON')
  })

  it('sends its token from the third version on, and says what is wrong without one', async () => {
    const { streams } = await connected(undefined, { 'API-Token': 'oh.x.y' }, 'oh.x.y')
    await streams.until(() => true)
    const { logged } = await connected(undefined, {}, 'oh.x.y')
    await logged(/it wants a token/)
  })

  it('keeps its token where others could read it on its way', async () => {
    const { url } = await scriptedOpenhab(undefined, 'oh.x.y')
    const { logged } = await connected(undefined, {
      'API-Token': 'oh.x.y',
      // This machine as well, but not by a name of which that is known.
      URL: url.replace('127.0.0.1', '0.0.0.0'),
    })
    await logged(/it wants a token/)
  })

  it.each([
    [404, /does not take a state of Attic: there is no such Item/],
    [400, /does not take a state of Attic: the state does not fit/],
    [415, /does not take a state of Attic: it does not take plain text there/],
    [500, /does not take a state of Attic: it answers HTTP 500/],
  ])('says once that a state is answered by %d, and goes on', async (status, message) => {
    const { up, puts, say, logged, lines } = await connected((item) => (item === 'Attic' ? { status } : {}))
    await up()
    say('Attic', 1)
    await logged(message)
    say('Attic', 2)
    await puts.until((put) => put === 'PUT Attic 2')
    say('Cellar', 3)
    await puts.until((put) => put === 'PUT Cellar 3')
    expect(lines.filter((line) => message.test(line))).toHaveLength(1)
  })

  it('puts the latest only where openHAB is slow, one at a time for each Item, and others meanwhile', async () => {
    const { up, puts, say, most } = await connected((item) => (item === 'Slow' ? { after: 300 } : {}))
    await up()
    for (let value = 1; value <= 50; value++) say('Slow', value)
    say('Quick', 1)
    await puts.until((put) => put === 'PUT Slow 50')
    expect(puts.entries).toEqual(['PUT Slow 1', 'PUT Quick 1', 'PUT Slow 50'])
    expect(most()).toBeLessThanOrEqual(2)
  })

  it('finds openHAB again when it has been restarted, and puts the latest', async () => {
    const { up, streams, puts, say, stop, start, command, commands } = await connected()
    await up()
    say('Attic', 1)
    await puts.until((put) => put === 'PUT Attic 1')
    await stop()
    say('Attic', 2)
    await start()
    await puts.until((put) => put === 'PUT Attic 2', 1)
    await streams.until(() => true, 1)
    command('Lamp', 'ON')
    await commands.until((said) => said === 'Lamp ON')
  })

  it('opens a stream anew that has ended, or that is no stream of events', async () => {
    const { streams, up, endStreams, garbage, command, commands } = await connected()
    await up()
    garbage('data: {"topic":\n\ndata\n: comment\n\r\n\r')
    endStreams()
    await streams.until(() => true, 1)
    command('Lamp', 'ON')
    await commands.until((said) => said === 'Lamp ON')
  })

  it('puts the latest of all when somebody asks for it', async () => {
    const { up, puts, say, command } = await connected()
    await up()
    say('Attic', 1)
    say('Cellar', 2)
    await puts.until((put) => put === 'PUT Cellar 2')
    command('Refresh', 'ON')
    await puts.until((put) => put === 'PUT Cellar 2', 2)
    expect(puts.entries.filter((put) => put === 'PUT Attic 1')).toHaveLength(2)
  })

  it('ends soon, also where openHAB hangs', async () => {
    const { up, puts, say, end, isDone } = await connected(() => ({ hangs: true }))
    await up()
    say('Attic', 1)
    await puts.until(() => true)
    end()
    expect(await isDone.until(() => true)).toBe(true)
  })

  it('delivers what was said last before it ends', async () => {
    const { up, puts, say, end, isDone } = await connected(() => ({ after: 100 }))
    await up()
    say('Attic', 1)
    say('Attic', 2)
    end()
    expect(await isDone.until(() => true)).toBe(true)
    expect(puts.entries).toEqual(['PUT Attic 1', 'PUT Attic 2'])
  })
})

describe('the parameters of OpenhabREST', () => {
  const texts = { Name: 'oh', URL: 'https://openhab:8443', RefreshItem: 'Refresh' }

  it.each([
    ['URL', 'openhab:8080'],
    ['URL', 'ftp://openhab'],
    ['RefreshItem', 'a/b'],
    ['openHAB-Version', 'four'],
    ['CAcert', '/no/such/file'],
  ])('refuse %s = %s', async (key, value) => {
    const { error } = await OpenhabREST.options.safeParseAsync({ ...texts, [key]: value })
    expect(error?.issues.map(({ path }) => path)).toEqual([[key]])
  })
})
