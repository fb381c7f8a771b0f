import { expect, it } from 'vitest'
import { payload } from '../src/model.js'

it.each([
  [21.7, 1, '21.7'],
  [22, 1, '22.0'],
  [-7.3, 1, '-7.3'],
  [-0, 1, '0.0'],
  [-0.04, 1, '0.0'],
  [-0, 0, '0'],
  [71.06, 1, '71.1'],
  [-0, undefined, '0'],
  [100, undefined, '100'],
  [true, undefined, 'true'],
  ['-0.0', 1, '-0.0'],
  ['', undefined, ''],
])('publishes %s with %s decimals as %s', (value, decimals, text) => {
  expect(payload({ destination: 'a', value, ...(decimals !== undefined && { decimals }) })).toBe(text)
})
