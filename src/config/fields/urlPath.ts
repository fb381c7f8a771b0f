import { field } from './field.js'

/** The path of a URL, with a query if need be: `/mqtt`. */
export const urlPath = field(
  'a path that begins with / and has neither spaces nor #, such as /mqtt',
  (text) => (/^\/[!"$-~]*$/.test(text) ? text : undefined),
)
