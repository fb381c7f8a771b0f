import { expect, it } from 'vitest'
import { expiry } from '../../src/mqtt/expiry.js'

const now = Date.parse('2026-12-01T00:00:00Z')

it.each([
  ['Jan 1 00:00:00 2027 GMT', undefined],
  ['Dec 31 00:00:00 2026 GMT', undefined],
  ['Dec 30 23:59:59 2026 GMT', 'expires in 29 days, on 2026-12-30'],
  ['Dec 2 10:00:00 2026 GMT', 'expires in 1 day, on 2026-12-02'],
  ['Dec 1 10:00:00 2026 GMT', 'expires within a day, on 2026-12-01'],
  ['Nov 30 10:00:00 2026 GMT', 'expired on 2026-11-30'],
  ['no date', undefined],
])('says of a certificate valid to %s: %s', (validTo, text) => {
  expect(expiry(validTo, now)).toBe(text)
})
