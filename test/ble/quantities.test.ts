import { expect, it } from 'vitest'
import { numberName, quantities, type Quantity, quantityOf, toFahrenheit } from '../../src/ble/quantities.js'

const rows = Object.entries<Quantity>(quantities)

it('gives each quantity a topic of its own, one safe level; what is open says so on one', () => {
  const topics = rows.flatMap(([, { topic, also }]) => [topic, ...(also ? [also.topic] : [])])
  const shared = topics.filter((topic, at) => topics.indexOf(topic) !== at)
  expect(new Set(shared)).toEqual(new Set(['door', 'presence']))
  for (const topic of topics) expect(topic).toMatch(/^[a-z][a-z0-9_]*$/)
})

it('calls numbers in JSON as decode does, whatever their topics', () => {
  expect(['temp_c', 'temp_f', 'humi', 'battery'].map(numberName)).toEqual([
    ...['temperature_c', 'temperature_f', 'humidity', 'battery'],
  ])
  for (const [key, { topic, words }] of rows) expect(numberName(topic)).toBe(words ? undefined : key)
})

it('numbers what a packet says more than once, and its topics', () => {
  expect(quantityOf('temperature_c_2')).toMatchObject({
    topic: 'temp_c_2',
    also: { key: 'temperature_f_2', topic: 'temp_f_2' },
  })
  expect(quantityOf('motion_3')).toMatchObject({ topic: 'motion_3', words: ['ON', 'OFF'] })
  expect(numberName('temp_f_2')).toBe('temperature_f_2')
  expect(['length', 'temperature_c_x', 'nothing_2'].map(quantityOf)).toEqual([
    undefined,
    undefined,
    undefined,
  ])
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
