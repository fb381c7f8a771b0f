import { expect, it } from 'vitest'
import { remember } from '../src/bounded.js'

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
