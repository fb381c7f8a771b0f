import type { Reading } from '../model.js'

type Value = Reading['value']

/**
 * What the label of a marble stands for: two words are a reading, its destination and its value; one word is itself.
 * Numbers, `true` and `false` are no texts.
 *
 * @example
 * labelled('attic 21.5')
 * // → { destination: 'attic', value: 21.5 }
 */
export function labelled(label: string): Value | Reading {
  const [destination, value, ...rest] = label.split(' ') as [string, ...string[]]
  if (rest.length > 0) throw new Error(`expected "value" or "destination value", got "${label}"`)
  return value === undefined ? valueOf(destination) : { destination, value: valueOf(value) }
}

function valueOf(word: string): Value {
  if (word === 'true' || word === 'false') return word === 'true'
  return Number.isNaN(Number(word)) ? word : Number(word)
}
