import { field } from './field.js'

/** Some text in one line, not empty. */
export const text = field('a text in one line, not empty', (value) =>
  value !== '' && !/\p{Cc}|\p{Cs}/u.test(value) ? value : undefined,
)
