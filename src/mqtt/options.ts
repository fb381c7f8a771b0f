import type { Observer } from 'rxjs'
import type { DeliveryCounts } from '../delivery/counts.js'
import type { Delivery } from '../model.js'
import type { CaCertificate, ClientCertificate } from './tls.js'

/** The pauses between attempts, ms. */
export interface Backoff {
  /** After the first failure; then twice as long each time. */
  readonly first: number
  /** No pause is longer. */
  readonly longest: number
}

/**
 * How long to wait after the given number of failures in a row (0 after the first one): twice as long each time, with up to
 * half as much again by chance, so that a fleet does not come back to its broker in one moment. Never beyond `longest`.
 *
 * @example backoff(0) // 1000 … 1500 ms; backoff(3) is 8 … 12 s, backoff(Infinity) 40 … 60 s
 */
export function backoff(
  failures: number,
  { first, longest }: Backoff = { first: 1000, longest: 60_000 },
  random: () => number = Math.random,
): number {
  return Math.min(first * 2 ** failures, longest / 1.5) * (1 + random() / 2)
}

/** The broker as messages name it: `localhost:1883`, `[::1]:1883`. */
export const brokerName = ({ host, port }: Pick<MqttOptions, 'host' | 'port'>): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`

/** What a connection to an MQTT broker needs to know. Times are ms. */
export interface MqttOptions {
  /** What readings for this connection are addressed to. */
  readonly name: string
  /** Client id: no two clients of a broker may share one. */
  readonly client: string
  /** Sent as it is, empty texts too; without it the login is anonymous. */
  readonly login?: {
    /** User name. */
    readonly user: string
    /** It goes to the broker and nowhere else, never to a log. */
    readonly password: string
  }
  /** Host name or IP address of the broker. */
  readonly host: string
  /** Tried in turn when `host` has no link for us; every reconnect begins with `host` again. @default none */
  readonly fallbackHosts?: readonly string[]
  /** 1883 as a rule, 8883 with TLS. */
  readonly port: number
  /** Of MQTT. @default '3.1.1' */
  readonly version?: '3.1.1' | '5'
  /** Carries MQTT in WebSockets on this path, `/mqtt`; without it over TCP alone. */
  readonly webSocketPath?: string
  /** A silent link is tested after this time and given up after 1.5 times it; 0 never tests it. */
  readonly keepalive: number
  /** Readings go to `<rootTopic>/<destination>`. */
  readonly rootTopic: string
  /** Commands come in on `<rootTopic>/<source>`. @default none */
  readonly commandSources?: readonly string[]
  /** The broker forgets a retained reading after this time; needs version 5. @default never */
  readonly messageExpiry?: number
  /** Each reading on its topic, or one JSON object for each report of a device, or both. @default 'plain' */
  readonly format?: 'plain' | 'json' | 'both'
  /** How readings are delivered that do not say it themselves. @default QoS 0, not retained, the latest is kept */
  readonly delivery?: Delivery
  /** Files of spools, by the names that deliveries call them. @default none */
  readonly spools?: Readonly<Record<string, string>>
  /** Bytes of each spool. @default 10 MiB */
  readonly spoolSize?: number
  /** How often `<rootTopic>/health` says how many readings were delivered; 0 never. @default 0 */
  readonly health?: number
  /** Encrypts the link. @default not encrypted */
  readonly tls?: TlsOptions
  /** How long the broker may take to accept the connection. @default 10_000 */
  readonly connectTimeout?: number
  /**
   * A broker that does not acknowledge a message at QoS 1 or 2 for so long, at the most twice so long, is given up, and the
   * message is sent again by the next link. @default 30_000
   */
  readonly acknowledgeTimeout?: number
  /** The pauses between attempts to connect. @default { first: 1000, longest: 60_000 } */
  readonly backoff?: Backoff
}

/** With these the link is encrypted, TLS 1.2 at least. */
export interface TlsOptions {
  /** The CA that signed the broker's certificate. @default the system's roots */
  readonly ca?: CaCertificate
  /** Says who we are, to a broker that asks. */
  readonly client?: ClientCertificate
  /** The name that the broker's certificate must have, and that is asked for (SNI). @default the host */
  readonly serverName?: string
  /** Do not verify the host name in the certificate; the chain is verified nevertheless. */
  readonly insecure?: boolean
}

/** The same connection to each of its hosts, in the order in which they are tried. */
export const hostsOf = ({ fallbackHosts = [], ...options }: MqttOptions): MqttOptions[] =>
  [options.host, ...fallbackHosts].map((host) => ({ ...options, host }))

/** What has become of the readings of a connection since it started, as it is published on `<rootTopic>/health`. */
export interface Metrics extends DeliveryCounts {
  /** Readings addressed to it. */
  offered: number
  /** Messages sent, repetitions included. */
  published: number
  /** Messages that the broker has acknowledged, of those at QoS 1 and 2. */
  acknowledged: number
  /** How often the broker was found again. */
  reconnects: number
}

/** Who else is told of a connection's metrics, every `health` ms. */
export interface MqttObservers {
  /** Its `next` is given a copy of them. */
  readonly metrics?: Partial<Observer<Metrics>>
}

/** How a message is published. */
export interface PublishOptions {
  readonly qos: 0 | 1 | 2
  /** The broker keeps it for whoever subscribes later. */
  readonly retain: boolean
  /** It does not come back as a command. */
  readonly echo?: true
}

/** Bytes a broker may leave unread before readings are held back: some ten thousand readings, a few MiB of memory. */
export const highWaterMark = 1024 * 1024
