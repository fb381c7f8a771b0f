import { map, NEVER, of, range, take } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { describe as describeTopic, deviceAt } from '../../src/description.js'
import { type Reading, withdrawal } from '../../src/model.js'
import { type Route, routed } from '../../src/operators/routed.js'
import { marbles } from '../../src/testing/marbles.js'
import { collect } from '../support/collect.js'

const delivery = { retain: true }
const routes: ReadonlyMap<string, readonly Route[]> = new Map([
  [
    'own/temp',
    [
      { destination: 'freezer/degrees', to: ['mq'], delivery, device: 'freezer' },
      { destination: 'degrees', to: ['other'] },
    ],
  ],
  ['own/cell', [{ destination: 'freezer/cell', to: ['mq'], device: 'freezer' }]],
  ['own/door', [{ destination: 'door', to: ['mq'], words: { OPEN: 'auf' }, echo: true }]],
])

const letters: Readonly<Record<string, Reading>> = {
  t: { destination: 'own/temp', value: 3.5, decimals: 1, device: 'own' },
  c: { destination: 'own/cell', value: 90, device: 'own' },
  d: { destination: 'own/door', value: 'OPEN' },
  o: { destination: 'own/other', value: 1 },
  m: { destination: 'freezer/degrees', value: 3.5, decimals: 1, device: 'freezer', to: ['mq'], delivery },
  n: { destination: 'degrees', value: 3.5, decimals: 1, to: ['other'] },
  e: { destination: 'freezer/cell', value: 90, device: 'freezer', to: ['mq'] },
  f: { destination: 'door', value: 'auf', to: ['mq'], echo: true },
}

describe('routed', () => {
  it.each([
    { name: 'says nothing for a source that never speaks', source: '---', expected: '---' },
    { name: 'completes with an empty source', source: '--|', expected: '--|' },
    { name: 'leads a single reading along all of its routes', source: '-t---|', expected: '-(mn)|' },
    { name: 'leads one after the other', source: '  -t---c-d-|', expected: '-(mn)e-f-|' },
    { name: 'drops what has no route', source: '    -o-c-|', expected: '---e-|' },
    { name: 'passes an error on', source: '         -c-#', expected: '-e-#' },
    { name: 'takes a burst in one frame', source: ' (tc|)', expected: '(mne|)' },
  ])('$name', ({ source, expected }) =>
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold(source, letters).pipe(routed(routes))).toBe(expected, letters)
    }),
  )

  it('withdraws along all routes what is withdrawn', () => {
    const gone = withdrawal({ destination: 'own/temp', value: 3.5, device: 'own' })
    expect(collect(of(gone).pipe(routed(routes)))).toEqual([
      withdrawal({ destination: 'freezer/degrees', value: '', device: 'freezer', to: ['mq'], delivery }),
      withdrawal({ destination: 'degrees', value: '', to: ['other'] }),
    ])
  })

  it('has each connection forget what it was told', () => {
    const offline: Reading = {
      destination: 'own/cell',
      value: 0,
      device: 'own',
      forgets: ['own/temp', 'own/x'],
    }
    expect(collect(of(offline).pipe(routed(routes)))).toEqual([
      { destination: 'freezer/cell', value: 0, device: 'freezer', to: ['mq'], forgets: ['freezer/degrees'] },
      withdrawal({ destination: 'degrees', value: '', to: ['other'] }),
    ])
  })

  it('has them forget it, too, where who says so has no route itself', () => {
    const offline: Reading = {
      destination: 'own/status',
      value: 'OFFLINE',
      retain: true,
      forgets: ['own/cell'],
    }
    expect(collect(of(offline).pipe(routed(routes)))).toEqual([
      withdrawal({ destination: 'freezer/cell', value: '', device: 'freezer', to: ['mq'] }),
    ])
  })

  it('keeps an event one', () => {
    const press: Reading = { destination: 'own/door', value: 'now', event: true, at: 7 }
    expect(collect(of(press).pipe(routed(routes)))).toEqual([
      { destination: 'door', value: 'now', event: true, at: 7, to: ['mq'], echo: true },
    ])
  })

  it('describes each topic once, as what it is over that connection', () => {
    const commands = { topic: 'own/door', words: ['ON', 'OFF'] }
    const about = describeTopic(
      deviceAt('own'),
      'own/door',
      'switch',
      { words: ['OPEN', 'CLOSED'] },
      { commands },
    )
    const route = {
      ...routes.get('own/door')?.[0],
      destination: 'door',
      to: ['mq'] as [string],
      name: 'Door',
      commands: { 'own/door': 'door/set' },
    }
    const reading = { destination: 'own/door', value: 'OPEN', about }
    const [first, second] = collect(of(reading, reading).pipe(routed(new Map([['own/door', [route]]]))))
    expect(first?.about).toEqual({
      device: { topic: 'door', identity: 'own', name: 'Door' },
      topic: 'door',
      name: 'switch',
      quantity: { words: ['auf', 'CLOSED'] },
      commands: { topic: 'door/set', words: ['ON', 'OFF'] },
    })
    expect(second?.about).toBe(first?.about)
  })

  it('ends a source that is endless and synchronous when nobody listens any more', () => {
    const endless$ = range(0, Infinity).pipe(map((value) => ({ destination: 'own/temp', value })))
    expect(collect(endless$.pipe(routed(routes), take(3)))).toHaveLength(3)
  })

  it('leaves nothing running behind when it is unsubscribed from', () =>
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('-c----c', letters)
      expectObservable(source$.pipe(routed(routes)), '^----!').toBe('-e', letters)
      expectSubscriptions(source$.subscriptions).toBe('^----!')
    }))

  it('has nothing to do for a sensor without routes', () =>
    marbles(({ expectObservable }) => {
      expectObservable(NEVER.pipe(routed(new Map()))).toBe('---')
    }))
})
