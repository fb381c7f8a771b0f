import { map } from 'rxjs'
import type { Reading } from '../../src/model.js'

/** A reading without what describes its destination. */
export function withoutAbout(reading: Reading): Reading {
  const rest: { -readonly [Key in keyof Reading]: Reading[Key] } = { ...reading }
  delete rest.about
  return rest
}

/** Readings without what describes their destinations, for tests that look at all the rest of them. */
export const undescribed = map(withoutAbout)
