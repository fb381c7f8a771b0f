import { expect, it } from 'vitest'
import { messageWords } from '../../src/exec/messageWords.js'

it.each([
  ['', []],
  [' \n', []],
  ['NA', []],
  ['NA\n', []],
  ['NA b', ['NA', 'b']],
  [' a  b\tc\n', ['a', 'b', 'c']],
  [`"a b" it's`, ['"a', 'b"', "it's"]],
])('has the words of %j', (payload, words) => {
  expect(messageWords(payload)).toEqual(words)
})
