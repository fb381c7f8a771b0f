import { names } from './fields/names.js'
import type { Section } from './section.js'

/** The connections that a section's `Connection` lists; `undefined` for all of them. */
export const connectionNames = ({ parameters }: Section): readonly string[] | undefined =>
  names.safeParse(parameters.get('connection')?.text).data
