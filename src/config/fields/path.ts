import { field } from './field.js'

/** The path of a file; whether it exists is for those to say who open it. */
export const path = field('the path of a file', (text) =>
  text !== '' && !text.includes('\0') ? text : undefined,
)
