import { asyncScheduler } from 'rxjs'

const day = 86_400_000
const notice = 30 * day

/**
 * Says that a certificate expires within 30 days, or has expired; `undefined` when it does not. `validTo` is as OpenSSL
 * writes it: `expiry('Dec 24 12:00:00 2026 GMT')` is `expires in 9 days, on 2026-12-24`.
 */
export function expiry(validTo: string, now = asyncScheduler.now()): string | undefined {
  const end = Date.parse(validTo)
  if (!(end - now < notice)) return undefined
  const date = new Date(end).toISOString().slice(0, 10)
  if (end <= now) return `expired on ${date}`
  const days = Math.floor((end - now) / day)
  return `expires ${days === 0 ? 'within a day' : days === 1 ? 'in 1 day' : `in ${days} days`}, on ${date}`
}
