import { isIP } from 'node:net'
import { field } from './field.js'

const name = /^(?=.{1,253}$)([\p{L}\p{M}\p{N}_-]{1,63}\.)*[\p{L}\p{M}\p{N}_-]{1,63}\.?$/u

function parse(text: string): string | undefined {
  const address = /^\[(.*)\]$/.exec(text)?.[1] ?? text
  if (isIP(address)) return address
  return name.test(text) && !/^[\d.]+$/.test(text) ? text : undefined
}

function advice(text: string): string | undefined {
  if (text.includes('://')) return 'leave out the protocol; port, user and TLS have parameters of their own'
  if (/:\d+$/.test(text)) return 'leave out the port, it is a parameter of its own'
  return undefined
}

/**
 * A host name or an IP address: `localhost`, `192.168.1.2`, `::1` (also as `[::1]`); never a URL, never with a port.
 *
 * @example
 * fields.host.safeParse('http://localhost').error?.issues[0]?.message
 * // → 'expected a host name or an IP address'
 */
export const host = field('a host name or an IP address', parse, advice)
