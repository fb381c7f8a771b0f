import { map } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { type LightMoves, lightSteps } from '../../src/sysfs/lightSteps.js'
import { marbles } from '../../src/testing/marbles.js'
import { quietLog } from '../support/quietLog.js'

const dark = { hue: 2, saturation: 0, brightness: 0 }
const red = { hue: 0, saturation: 100, brightness: 20 }

const payloads = {
  ...{
    n: 'ON',
    f: 'OFF',
    t: 'TOGGLE',
    d: 'DIM',
    s: 'STOP',
    g: '120,100,40',
    a: '12',
    b: '30',
    r: '350,100,20',
  },
}

/** What commands make of a light: of each step its colour and brightness, with an asterisk where it is said. */
function steps(
  source: string,
  expected: string,
  seen: Readonly<Record<string, string>>,
  start = dark,
  moves: Partial<LightMoves> = {},
) {
  const log = quietLog()
  marbles(({ hot, expectObservable }) => {
    const commands = Object.fromEntries(
      Object.entries(payloads).map(([letter, payload]) => [letter, { source: 'lamp', payload }]),
    )
    const step$ = hot(source, commands).pipe(
      lightSteps(start, { toggleDebounce: 0, ...moves }, log),
      map(({ light, isSaid }) => `${light.hue},${light.saturation},${light.brightness}${isSaid ? '*' : ''}`),
    )
    expectObservable(step$).toBe(expected, seen)
  })
  return log
}

const dim = { delay: 10, interval: 2 }

describe('lightSteps', () => {
  it('is there at once without steps, and says nothing of what it is already', () =>
    steps('-g--g-f-f-n', 'xg----f---n', {
      ...{ x: '2,0,0*', g: '120,100,40*', f: '120,100,0*', n: '120,100,100*' },
    }))

  it('goes to a brightness in steps of 5 at most, and says the last', () =>
    steps('-a', 'x----p---q---r', { x: '2,0,0*', p: '2,0,5', q: '2,0,10', r: '2,0,12*' }, dark, {
      smooth: 4,
    }))

  it('turns the hue on the shorter way round', () =>
    steps('-r', 'x----p---q', { x: '0,100,20*', p: '355,100,20', q: '350,100,20*' }, red, { smooth: 4 }))

  it('goes on from where it is when it is to be something else, and not anew for the same', () =>
    steps(
      '-b----b----f',
      'x----p---q-----u---v',
      { x: '2,0,0*', p: '2,0,5', q: '2,0,10', u: '2,0,5', v: '2,0,0*' },
      dark,
      { smooth: 4 },
    ))

  it('dims down and up again from a while after DIM until STOP, and says where it stopped', () =>
    steps(
      '-d 18ms s',
      'x 12ms a-b-c-ds',
      { x: '0,100,10*', a: '0,100,5', b: '0,100,0', c: '0,100,5', d: '0,100,10', s: '0,100,10*' },
      { ...red, brightness: 10 },
      { dim },
    ))

  it('dims up from dark, to 100 and no further', () => {
    const letters = Array.from('abcdeghijklmopqruvwz')
    const seen = letters.map((letter, place) => [letter, `0,100,${5 * (place + 1)}`] as const)
    const expected = `y 12ms ${letters.join('-')}`
    steps('-d', expected, { y: '0,100,0*', ...Object.fromEntries(seen) }, { ...red, brightness: 0 }, { dim })
  })

  it('does nothing for a DIM that is stopped before its time, and toggles then as ever', () =>
    steps('-d--s-t', 'x---s-t', { x: '0,100,20*', s: '0,100,20*', t: '0,100,0*' }, red, { dim }))

  it('takes neither DIM nor STOP while it changes', () =>
    steps('-a-d-s', 'x----p---q---r', { x: '2,0,0*', p: '2,0,5', q: '2,0,10', r: '2,0,12*' }, dark, {
      smooth: 4,
      dim,
    }))

  it('knows no DIM where there is none', () => {
    const log = steps('-d-s', 'x', { x: '2,0,0*' })
    expect(log.warn.mock.calls).toEqual([
      [expect.stringMatching(/ON, OFF, TOGGLE or a time on lamp, got "DIM"$/)],
    ])
  })

  it('ignores a toggle that comes again too soon', () =>
    steps('-t-t---t', 'xt', { x: '2,0,0*', t: '2,0,100*' }, dark, { toggleDebounce: 100 }))
})
