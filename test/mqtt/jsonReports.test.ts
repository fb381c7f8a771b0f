import { mergeMap, of, repeat, take } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Reading } from '../../src/model.js'
import { jsonReports } from '../../src/mqtt/jsonReports.js'
import { refreshable } from '../../src/operators/refreshable.js'
import { collect } from '../support/collect.js'
import { marbles } from '../support/marbles.js'

const time = '1970-01-01T00:00:00.000Z'
const reading = (device: string, topic: string, value: number): Reading => ({
  destination: `${device}/${topic}`,
  device,
  value,
  at: 0,
})
const json = (destination: string, said: object): Reading => ({
  destination,
  value: JSON.stringify({ ...said, at: time }),
  at: 0,
})
const t = reading('attic', 'temp_c', 21)
const h = reading('attic', 'humi', 50)
const c = reading('cellar', 'temp_c', 12)
const d: Reading = { destination: 'door', value: 'OPEN', at: 0 }
const e: Reading = { ...reading('attic', 'button', 1), event: true }
const o: Reading = {
  destination: 'attic/status',
  value: 'OFFLINE',
  retain: true,
  device: 'attic',
  forgets: ['attic/temp_c'],
}
const k: Reading = { destination: 'lamp', value: 'ON', echo: true }
const letters: Readonly<Record<string, Reading>> = {
  ...{ t, h, c, d, e, o, k },
  T: json('attic', { temperature_c: 21 }),
  B: json('attic', { temperature_c: 21, humidity: 50 }),
  C: json('cellar', { temperature_c: 12 }),
  D: json('door', { value: 'OPEN' }),
  E: {
    ...json('attic', { humidity: 50, event: { type: 'button', button: 1, action: 'press' } }),
    event: true,
  },
  O: { ...o, forgets: ['attic/temp_c', 'attic'] },
}

describe('jsonReports', () => {
  it.each([
    { name: 'says nothing when nothing is said', source: '----', expected: '----' },
    { name: 'completes with an empty source', source: '--|', expected: '--|' },
    { name: 'makes one object of one reading', source: '-t--|', expected: '-T--|' },
    { name: 'makes one object of all that comes in one turn', source: '-(th)-', expected: '-B----' },
    { name: 'makes an object of each turn', source: '-t-t-c', expected: '-T-T-C' },
    { name: 'keeps devices apart', source: '-(thc)', expected: '-(BC)-' },
    { name: 'begins a new object when a destination comes again', source: '-(thth)', expected: '-(BB)--' },
    { name: 'says a reading without device by itself', source: '-(dth)', expected: '-(DB)-' },
    { name: 'says an event as one, with what came with it', source: '-(he)-t', expected: '-E----T' },
    { name: 'leaves states and echoes as they are', source: '-k-o-', expected: '-k-O-' },
    { name: 'says what belongs before a state before it', source: '-(to)', expected: '-(TO)' },
    { name: 'says the last object when the source completes', source: '-(th|)', expected: '-(B|)-' },
    { name: 'passes an error on', source: '-t-#', expected: '-T-#' },
  ])('with json $name', ({ source, expected }) =>
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold(source, letters)
      const end = '-------!'
      expectObservable(source$.pipe(jsonReports('json')), end).toBe(expected, letters)
      const over = source.search(/[|#]/)
      const frame = source.includes('(') && source.includes('|)') ? 1 : over
      expectSubscriptions(source$.subscriptions).toBe(
        over < 0 ? `^${end.slice(1)}` : `^${'-'.repeat(frame - 1)}!`,
      )
    }),
  )

  it.each([
    {
      name: 'says the readings at once and their object when all are there',
      source: '-(thc)-',
      expected: '-(thBcC)-',
    },
    {
      name: 'leaves a reading without device as it is, for both would share its topic',
      source: '-d-',
      expected: '-d-',
    },
    { name: 'says the last object when the source completes', source: '-(t|)', expected: '-(tT|)' },
  ])('with both $name', ({ source, expected }) =>
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold(source, letters).pipe(jsonReports('both'))).toBe(expected, letters)
    }),
  )

  it('with plain is not there at all', () =>
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('-(th)-d-|', letters).pipe(jsonReports('plain'))).toBe('-(th)-d-|', letters)
    }))

  it('takes a synchronous burst apart into its reports, and completes with it', () => {
    expect(collect(of(t, h, c, t, d).pipe(jsonReports('json')))).toEqual([
      letters['B'],
      letters['C'],
      letters['T'],
      letters['D'],
    ])
  })

  it('ends a source that is endless and synchronous when nobody listens any more', () => {
    expect(collect(of(t, h).pipe(repeat(), jsonReports('json'), take(3)))).toHaveLength(3)
  })

  it('is repeated by a refresh as the last report of the device, but not when it is an event or the device is gone', () =>
    marbles(({ hot, expectObservable }) => {
      const source = '  -r---e----o--'
      const refresh = ' ---x---x-x--x'
      const expected = '-B-B-E-B-BO--'
      const readings$ = hot(source, { r: [t, h], e: [h, e], o: [o] }).pipe(mergeMap((report) => report))
      expectObservable(readings$.pipe(jsonReports('json'), refreshable(hot(refresh)))).toBe(expected, letters)
    }))
})
