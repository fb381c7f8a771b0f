import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decide } from '../../src/local/conditions.js'

describe('decide', () => {
  it.each([
    [{ onEq: 'ON' }, 'ON', true],
    [{ onEq: 'ON' }, 'on', false],
    [{ onEq: '21.0' }, '21', false],
    [{ onEq: 'ON', onGt: 1 }, '2', false],
    [{ onGt: 30 }, '30', false],
    [{ onGt: 30 }, '30.1', true],
    [{ onGt: 0 }, '-1', false],
    [{ onGt: 0 }, '1', true],
    [{ onGt: 30, onLt: 10 }, '5', false],
    [{ onLt: 32 }, '31.9', true],
    [{ onLt: 32 }, '32', false],
    [{ onGt: 30 }, 'warm', undefined],
    [{ onGt: 30 }, '', undefined],
    [{ onLt: 30 }, 'NaN', undefined],
  ])('decides of %j and "%s": %s', (condition, text, state) => {
    expect(decide(condition, text, false)).toBe(state)
  })

  it.each([
    [{ onGt: 30, offLt: 28 }, '28', true],
    [{ onGt: 30, offLt: 28 }, '27.9', false],
    [{ onLt: 5, offGt: 7 }, '7', true],
    [{ onLt: 5, offGt: 7 }, '7.1', false],
    [{ onGt: 30 }, '30', false],
  ])('decides of %j and "%s", when it was ON: %s', (condition, text, state) => {
    expect(decide(condition, text, true)).toBe(state)
  })

  it('changes its mind only outside of the gap between the limits', () => {
    const numbers = fc.double({ noNaN: true, noDefaultInfinity: true })
    fc.assert(
      fc.property(numbers, numbers, numbers, fc.boolean(), (one, other, value, before) => {
        const [low, high] = [Math.min(one, other), Math.max(one, other)]
        const inGap = value >= low && value <= high
        for (const condition of [
          { onGt: high, offLt: low },
          { onLt: low, offGt: high },
        ]) {
          const state = decide(condition, String(value), before)
          expect(state === before || !inGap).toBe(true)
          expect(inGap || state === ('onGt' in condition ? value > high : value < low)).toBe(true)
        }
      }),
    )
  })
})
