import fc from 'fast-check'

/** Whole steps of a value, as a number. */
export const inSteps = (from: number, to: number, perUnit = 1) =>
  fc
    .integer({ min: Math.ceil(from * perUnit), max: Math.floor(to * perUnit) })
    .map((count) => count / perUnit || 0)
