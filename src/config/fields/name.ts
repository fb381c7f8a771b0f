import { field } from './field.js'

/** A name that can stand in a list of names. */
export const name = field(
  'a name in one line',
  (text) => (text !== '' && !/[\p{Cc}\p{Cs},]/u.test(text) ? text : undefined),
  (text) => (text.includes(',') ? 'a comma separates names, so it cannot be part of one' : undefined),
)
