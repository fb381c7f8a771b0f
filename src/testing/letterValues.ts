import { isDeepStrictEqual } from 'node:util'

const alphabet = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** Gives equal values equal letters, in order of appearance; a value that is a letter stands for itself. */
export function letterValues(all: readonly unknown[]) {
  const isLetter = (value: unknown): value is string => typeof value === 'string' && value.length === 1
  const free = alphabet.split('').filter((letter) => !all.includes(letter))
  const values: [string, unknown][] = []
  for (const value of all) {
    const known = isLetter(value) || values.some(([, other]) => isDeepStrictEqual(other, value))
    if (!known) values.push([free.shift() ?? '?', value])
  }
  const letterOf = (value: unknown) =>
    isLetter(value) ? value : (values.find(([, other]) => isDeepStrictEqual(other, value))?.[0] ?? '?')
  return { values, letterOf }
}
