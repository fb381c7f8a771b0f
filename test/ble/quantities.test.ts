import { expect, it } from 'vitest'
import { numberNames, quantities, type Quantity, toFahrenheit } from '../../src/ble/quantities.js'

const rows = Object.entries<Quantity>(quantities)

it('gives each quantity a topic of its own, one safe level', () => {
  const topics = rows.flatMap(([, { topic, also }]) => [topic, ...(also ? [also.topic] : [])])
  expect(new Set(topics).size).toBe(topics.length)
  for (const topic of topics) expect(topic).toMatch(/^[a-z][a-z0-9_]*$/)
})

it('calls numbers in JSON as decode does, whatever their topics', () => {
  expect(Object.fromEntries(numberNames)).toMatchObject({
    temp_c: 'temperature_c',
    temp_f: 'temperature_f',
    humi: 'humidity',
    battery: 'battery',
  })
  for (const [key, { topic, words }] of rows) expect(numberNames.get(topic)).toBe(words ? undefined : key)
})

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
