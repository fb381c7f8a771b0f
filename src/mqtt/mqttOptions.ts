import type { Backoff } from './backoff.js'
import type { CaCertificate } from './readCaCertificate.js'

/** What a connection to an MQTT broker needs to know. Times are ms. */
export interface MqttOptions {
  /** What readings for this connection are addressed to. */
  readonly name: string
  /** Client id: no two clients of a broker may share one. */
  readonly client: string
  /** Sent as it is, empty texts too; without it the login is anonymous. */
  readonly login?: { readonly user: string; readonly password: string }
  readonly host: string
  readonly port: number
  /** A silent link is tested after this time and given up after 1.5 times it; 0 never tests it. */
  readonly keepalive: number
  /** Readings go to `<rootTopic>/<destination>`. */
  readonly rootTopic: string
  /** Commands come in on `<rootTopic>/<source>`. @default none */
  readonly commandSources?: readonly string[]
  readonly tls?: TlsOptions
  /** How long the broker may take to accept the connection. @default 10_000 */
  readonly connectTimeout?: number
  /** The pauses between attempts to connect. @default { first: 1000, longest: 60_000 } */
  readonly backoff?: Backoff
}

/** With these the link is encrypted, TLS 1.2 at least. */
export interface TlsOptions {
  /** The CA that signed the broker's certificate. @default the system's roots */
  readonly ca?: CaCertificate
  /** Do not verify the host name in the certificate; the chain is verified nevertheless. */
  readonly insecure?: boolean
}
