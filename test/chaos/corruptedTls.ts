import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { certificates, opensslMissing } from '../support/certificates.js'
import type { Fault } from './faults.js'

/** One bit of what goes over the wire is wrong. Without TLS nobody could tell; with TLS the link breaks. */
function corruptedTls(): Fault {
  const { selfSigned, signed } = certificates()
  const path = selfSigned('ca').cert
  const ca = { path, pem: readFileSync(path, 'utf8') }
  const server = signed('server', 'ca', 'DNS:localhost')
  return {
    name: 'corrupted bytes, with TLS',
    options: () => ({ broker: { tls: server }, connection: { host: 'localhost', tls: { ca } } }),
    strike: async ({ wire, random }) => {
      const direction = random.chance(0.5) ? 'up' : 'down'
      wire.weather.corrupt = (bytes, towards) => {
        if (towards !== direction) return bytes
        const corrupted = Buffer.from(bytes)
        const place = random.below(corrupted.length)
        corrupted[place] = (corrupted[place] ?? 0) ^ (1 << random.below(8))
        return corrupted
      }
      await pause(random.between(50, 300))
      wire.clear()
    },
  }
}

/** Needs openssl. */
export const tlsFaults: readonly Fault[] = opensslMissing ? [] : [corruptedTls()]
