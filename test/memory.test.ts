import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newest, remember } from '../src/memory.js'

it('keeps the newest entries, drops the oldest and says what it dropped', () => {
  const map = new Map<string, number>()
  expect(remember(map, 'a', 1, 2)).toBeUndefined()
  expect(remember(map, 'b', 2, 2)).toBeUndefined()
  expect(remember(map, 'c', 3, 2)).toBe(1)
  expect([...map]).toEqual([
    ['b', 2],
    ['c', 3],
  ])
})

it('makes an entry the newest when it is written again', () => {
  const map = new Map([
    ['a', 1],
    ['b', 2],
  ])
  remember(map, 'a', 10, 2)
  expect(remember(map, 'c', 3, 2)).toBe(2)
  expect([...map.keys()]).toEqual(['a', 'c'])
})

describe('newest', () => {
  it('keeps the newest value of each key, in the order in which they came', () => {
    const values = newest<number>(10)
    values.put('attic', 1)
    values.put('cellar', 2)
    values.put('attic', 3)
    expect(values.get('attic')).toBe(3)
    expect(values.values()).toEqual([2, 3])
    values.delete('cellar')
    expect(values.values()).toEqual([3])
  })

  it('forgets the eighth that was put in longest ago when it is full', () => {
    const values = newest<number>(16)
    for (let number = 0; number < 16; number++) values.put(`${number}`, number)
    values.put('0', 16)
    values.put('new', 17)
    expect(values.values()).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17])
  })

  it('is what a Map would be that is kept in order, and never holds more than it may', () => {
    const keys = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
    fc.assert(
      fc.property(fc.array(fc.tuple(keys, fc.boolean())), fc.integer({ min: 1, max: 8 }), (steps, limit) => {
        const values = newest<number>(limit)
        const model = new Map<string, number>()
        steps.forEach(([key, isPut], step) => {
          model.delete(key)
          if (isPut) {
            values.put(key, step)
            for (const oldest of model.keys()) if (model.size >= limit) model.delete(oldest)
            model.set(key, step)
          } else values.delete(key)
          expect(values.values()).toEqual([...model.values()])
        })
      }),
    )
  })
})
