import type { OfflinePolicy } from '../../model.js'
import { field } from './field.js'

/** As many as an outbox holds of all destinations together. */
const most = 100_000

/** What becomes of readings taken while the broker is away: `none`, `latest`, `last 10` or `all`, in any case. */
export const offlinePolicy = field(
  `none, latest, last N (N from 1 to ${most}) or all`,
  (text): OfflinePolicy | undefined => {
    const word = text.toLowerCase()
    if (word === 'none' || word === 'latest' || word === 'all') return word
    const last = Number(/^last\s+(\d+)$/.exec(word)?.[1])
    return last >= 1 && last <= most ? { last } : undefined
  },
)
