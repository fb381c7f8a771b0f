import dns, { type LookupAddress } from 'node:dns'
import { Resolver } from 'node:dns/promises'

type Callback = (error: Error | null, address?: string | LookupAddress[], family?: number) => void
type Lookup = (host: string, options: { all?: boolean }, callback: Callback) => void

const real = dns.lookup as unknown as Lookup
const failing = new Map<string, { readonly code: string; readonly after: number }>()

// Node asks this object each time it connects: the last seam before the resolver of the system.
const lookup: Lookup = (host, options, callback) => {
  const failure = failing.get(host)
  if (!host.endsWith('.test')) real(host, options, callback)
  else if (failure) {
    const error = Object.assign(new Error(`getaddrinfo ${failure.code} ${host}`), failure)
    setTimeout(() => callback(error), failure.after)
  } else if (options.all) process.nextTick(callback, null, [{ address: '127.0.0.1', family: 4 }])
  else process.nextTick(callback, null, '127.0.0.1', 4)
}
dns.lookup = lookup as unknown as typeof dns.lookup

// No name server knows them, wherever the tests run.
const unknown = () => Promise.reject(Object.assign(new Error('no such name'), { code: dns.NOTFOUND }))
Object.assign(Resolver.prototype, { resolve4: unknown, resolve6: unknown })

/** Names that end in `.test` are this machine, unless they fail for the moment, some ms after somebody asks. */
export const nameService = {
  fail: (host: string, code: 'EAI_AGAIN' | 'ENOTFOUND', after: number) => failing.set(host, { code, after }),
  mend: (host: string) => failing.delete(host),
}
