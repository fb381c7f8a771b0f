import { expect, it } from 'vitest'
import { isToggle } from '../../src/local/isToggle.js'

it.each([
  ['TOGGLE', true],
  ['2021-10-24T16:23:41.500792', true],
  ['2022-02-27T17:58:45.165491+0100', true],
  ['2022-02-27T17:58:45Z', true],
  ['toggle', false],
  ['ON', false],
  ['2022-02-27', false],
  ['at 2021-10-24T16:23:41', false],
])('takes "%s" for a toggle: %s', (text, toggles) => {
  expect(isToggle(text)).toBe(toggles)
})
