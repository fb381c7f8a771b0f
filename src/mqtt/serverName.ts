import { isIP } from 'node:net'
import { field } from '../config/fields/field.js'
import { host } from '../config/fields/host.js'

/** A host name that a certificate can be for; TLS knows no addresses here (RFC 6066, section 3). */
export const serverName = field('a host name, not an IP address', (text) =>
  isIP(text) === 0 ? host.safeParse(text).data : undefined,
)
