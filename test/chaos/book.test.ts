import { expect, test } from 'vitest'
import { book, type Measure } from './book.js'

const clean = { lost: 0, unsaved: 0, duplicated: 0, repeated: 0, unwarranted: 0, outOfOrder: 0, strange: 0 }

/** A book on so many readings offered on one topic. */
function offered(count: number, measure: Measure = 'arrived') {
  const kept = book(measure, () => 10_000)
  for (let number = 0; number < count; number += 1) kept.offer('attic')
  return {
    ...kept,
    send: (...numbers: number[]) => numbers.forEach((number) => kept.sent('attic', number)),
    acknowledge: (...numbers: number[]) =>
      numbers.forEach((number) => {
        kept.acknowledged('attic', number)
        kept.settled('attic', number)
      }),
    arrive: (...numbers: number[]) => numbers.forEach((number) => kept.arrived('attic', number)),
  }
}

test('what is sent once, acknowledged and arrives in order is no fault', () => {
  const { send, acknowledge, arrive, figures } = offered(2)
  send(0, 1)
  acknowledge(0, 1)
  arrive(0, 1)
  expect(figures()).toEqual({ ...clean, offered: 2 })
})

test('what does not arrive is lost, although it was acknowledged', () => {
  const { send, acknowledge, arrive, figures } = offered(2)
  send(0, 1)
  acknowledge(0, 1)
  arrive(0)
  expect(figures()).toEqual({ ...clean, offered: 2, lost: 1 })
})

test('where the broker may forget, what was acknowledged is not lost', () => {
  const { send, acknowledge, figures } = offered(3, 'acknowledged')
  send(0, 1, 2)
  acknowledge(0, 1)
  expect(figures()).toEqual({ ...clean, offered: 3, lost: 1 })
})

test('what arrives for the first time after a later one is out of order', () => {
  const { send, arrive, figures } = offered(2)
  send(0, 1)
  arrive(1, 0)
  expect(figures()).toEqual({ ...clean, offered: 2, outOfOrder: 1 })
})

test('what is sent again is permitted until it is acknowledged', () => {
  const { send, acknowledge, arrive, figures, linked } = offered(2)
  linked()
  send(0, 1)
  linked()
  send(0, 1)
  acknowledge(0, 1)
  send(0)
  arrive(0, 1)
  expect(figures()).toEqual({ ...clean, offered: 2, duplicated: 2, unwarranted: 1 })
})

test('the latest is repeated once a link, and no other', () => {
  const { send, acknowledge, arrive, figures, linked } = offered(2)
  send(0, 1)
  acknowledge(0, 1)
  linked()
  send(1)
  acknowledge(1)
  send(1)
  arrive(0, 1)
  expect(figures()).toEqual({ ...clean, offered: 2, repeated: 1, unwarranted: 1 })
})

test('what nobody offered is strange', () => {
  const { arrive, figures } = offered(1)
  arrive(0, 7)
  expect(figures()).toEqual({ ...clean, offered: 1, strange: 1 })
})

test('what a killed process could not save is not lost', () => {
  const { killed, figures } = offered(1)
  killed()
  expect(figures()).toEqual({ ...clean, offered: 1, unsaved: 1 })
})
