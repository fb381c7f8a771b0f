import * as z from 'zod'
import type { OfflinePolicy } from '../model.js'
import { inCode, optionsInCode } from './codeOptions.js'
import { boolean, field, path } from './fields.js'

/** MQTT's quality of service. */
export const qos = field('0, 1 or 2', (text) => ([0, 1, 2] as const).find((level) => text === String(level)))

/** As many as an outbox holds of all destinations together. */
export const most = 100_000

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

/** A `Delivery` that is written in code. */
export const deliveryInCode = optionsInCode({
  qos: inCode(qos).optional(),
  retain: inCode(boolean).optional(),
  offline: z
    .unknown()
    .transform((given) =>
      typeof given === 'object' && given !== null && 'last' in given ? `last ${String(given.last)}` : given,
    )
    .pipe(inCode(offlinePolicy))
    .optional(),
  spool: inCode(path).optional(),
})
