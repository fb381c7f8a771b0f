import { expect, test } from 'vitest'
import { ledger } from './ledger.js'

function figures(offered: readonly number[], arrived: readonly number[]) {
  const book = ledger()
  for (const number of offered) book.offer('attic', number)
  for (const number of arrived) book.arrive('attic', number)
  return book.figures
}
const clean = { offered: 3, lost: 0, duplicated: 0, outOfOrder: 0, strange: 0 }

test('what arrives once and in order is no fault', () => {
  expect(figures([1, 2, 3], [1, 2, 3])).toEqual(clean)
})

test('what does not arrive is lost, and out of order it is none', () => {
  expect(figures([1, 2, 3], [1, 3])).toEqual({ ...clean, lost: 1 })
})

test('what is repeated is a duplicate, however late', () => {
  expect(figures([1, 2, 3], [1, 1, 2, 3, 2])).toEqual({ ...clean, duplicated: 2 })
})

test('what comes for the first time after a later one is out of order', () => {
  expect(figures([1, 2, 3], [3, 1, 2])).toEqual({ ...clean, outOfOrder: 2 })
})

test('what nobody offered does not make up for what is lost', () => {
  expect(figures([1, 2, 3], [1, 2, 4])).toEqual({ ...clean, lost: 1, strange: 1 })
})

test('each topic is judged for itself', () => {
  const book = ledger()
  book.offer('attic', 1)
  book.offer('cellar', 1)
  book.arrive('attic', 1)
  expect(book.figures).toEqual({ ...clean, offered: 2, lost: 1 })
})
