import { field } from './field.js'

/**
 * One of several words, in any case: `choice('RISING', 'FALLING', 'BOTH')`.
 *
 * @example
 * fields.choice('RISING', 'FALLING').parse('rising')
 * // → 'RISING'
 */
export const choice = <Word extends string>(...words: readonly [Word, ...Word[]]) =>
  field(`${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`, (text) =>
    words.find((word) => word === text.toUpperCase()),
  )
