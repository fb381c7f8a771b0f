import dns, { type LookupAddress } from 'node:dns'
import { Resolver } from 'node:dns/promises'
import { isIP, type LookupFunction } from 'node:net'
import { domainToASCII } from 'node:url'
import { promisify } from 'node:util'
import { from, throwError, timeout } from 'rxjs'
import { textOf } from '../kernelFiles.js'
import { inTurn, isBusy } from '../threads.js'

/** Where names are looked up; absent is what the system says. */
export interface NameSources {
  /** @default '/etc/hosts' */
  readonly hosts?: string
  /** Addresses of name servers, with ports where these are not 53. @default those in /etc/resolv.conf */
  readonly servers?: readonly string[]
}

/**
 * Looks names up for sockets without holding a thread for long: in the hosts file, then at the name server, over the network.
 * Only names that neither of them knows are left to the system. What takes longer than `patience`, ms, fails with the code
 * ETIMEOUT.
 */
export const lookup =
  (patience: number, sources?: NameSources): LookupFunction =>
  (host, { all }, callback) => {
    from(addressesOf(host, sources))
      .pipe(timeout({ first: patience, with: () => throwError(() => unanswered(host)) }))
      .subscribe({
        next: (addresses) => {
          const [{ address, family } = { address: '', family: 0 }] = addresses
          if (all) callback(null, addresses)
          else callback(null, address, family)
        },
        error: (error: unknown) => callback(error as NodeJS.ErrnoException, []),
      })
  }

const unanswered = (host: string) =>
  Object.assign(new Error(`the name server does not say what ${host} is`), { code: 'ETIMEOUT' })

async function addressesOf(host: string, { hosts = '/etc/hosts', servers }: NameSources = {}) {
  const known = inHosts(textOf(hosts), host)
  if (known.length > 0) return known
  // Names of mDNS are no affair of a name server.
  const found = /\.local\.?$/i.test(host) ? [] : await askServers(domainToASCII(host) || host, servers)
  return found.length > 0 ? found : askSystem(host)
}

/** The addresses that a text like /etc/hosts has for a name: an address in a line, then its names. */
function inHosts(text: string, host: string): LookupAddress[] {
  const name = host.toLowerCase().replace(/\.$/, '')
  return text.split('\n').flatMap((line) => {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/)
    const family = isIP(address)
    return family > 0 && names.some((each) => each.toLowerCase() === name) ? { address, family } : []
  })
}

/** No addresses also where the servers know none; that they do not answer is an error. */
async function askServers(host: string, servers?: readonly string[]): Promise<LookupAddress[]> {
  // Made anew each time: what the system says of its servers may have changed. Six seconds for each server in all.
  const resolver = new Resolver({ timeout: 2000, tries: 2 })
  if (servers) resolver.setServers(servers)
  const [four, six] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)])
  const addresses = [
    ...(four.status === 'fulfilled' ? four.value.map((address) => ({ address, family: 4 })) : []),
    ...(six.status === 'fulfilled' ? six.value.map((address) => ({ address, family: 6 })) : []),
  ]
  const isDead = [four, six].some(
    (answer) => answer.status === 'rejected' && (answer.reason as NodeJS.ErrnoException).code === dns.TIMEOUT,
  )
  if (addresses.length === 0 && isDead) throw unanswered(host)
  return addresses
}

/** Asks the system, which knows more kinds of names, and waits in a thread: two names may, so that one that hangs leaves room. */
const askSystem = (host: string): Promise<LookupAddress[]> => {
  const queue = isBusy(lanes[0]) ? lanes[1] : lanes[0]
  return inTurn(queue, () => promisify(dns.lookup)(host, { all: true }))
}

const lanes = ['the name service', 'the name service, too'] as const
