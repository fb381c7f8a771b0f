import { isIP } from 'node:net'
import { field } from './field.js'

/** Whether a text is made of labels of one to 63 such letters. */
const isName = (text: string, letter: string) =>
  new RegExp(`^(?=.{1,253}$)(${letter}{1,63}\\.)*${letter}{1,63}\\.?$`, 'u').test(text)

/** Nearly all names are of the first kind; for the second one V8 has to look through all of Unicode, which takes a millisecond. */
const isHostName = (text: string) => isName(text, '[\\w-]') || isName(text, '[\\p{L}\\p{M}\\p{N}_-]')

function parse(text: string): string | undefined {
  const address = /^\[(.*)\]$/.exec(text)?.[1] ?? text
  if (isIP(address)) return address
  return isHostName(text) && !/^[\d.]+$/.test(text) ? text : undefined
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
