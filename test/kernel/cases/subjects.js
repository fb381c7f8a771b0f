import { adapters } from './adapters.js'

/** A guest for each. */
export const subjects = { adapters }
