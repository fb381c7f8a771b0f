import * as z from 'zod'

/**
 * The values of a numbered parameter by number, for a schema key that ends in `X`:
 * `AddressX: numbered(address)` reads `Address1 = …` and `Address2 = …` as `{ 1: …, 2: … }`.
 *
 * @example
 * fields.numbered(fields.destination).parse({ 1: 'attic', 2: 'cellar' })
 * // → { 1: 'attic', 2: 'cellar' }
 */
export const numbered = <Field extends z.core.$ZodType>(field: Field) =>
  z.record(z.string(), field).default({})
