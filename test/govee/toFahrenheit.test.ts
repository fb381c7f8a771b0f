import { expect, it } from 'vitest'
import { toFahrenheit } from '../../src/govee/toFahrenheit.js'

it.each([
  [21.7, 1, 71.1],
  [-7.3, 1, 18.9],
  [-40, 1, -40],
  [100, 1, 212],
  [-17.8, 1, 0],
  [25.34, 2, 77.61],
])('takes %d °C, resolved to %d decimals, for %d °F', (celsius, decimals, fahrenheit) => {
  expect(toFahrenheit(celsius, decimals)).toBe(fahrenheit)
})
