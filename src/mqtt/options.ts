import { hostname } from 'node:os'
import { basename } from 'node:path'
import type { Observable } from 'rxjs'
import * as z from 'zod'
import type { Expected } from '../description.js'
import {
  checked,
  inCode,
  listInCode,
  newestInCode,
  optionsInCode,
  recordInCode,
  wordInCode,
} from '../fields/codeOptions.js'
import { deliveryInCode } from '../fields/delivery.js'
import {
  boolean,
  host,
  integer,
  milliseconds,
  mqttString,
  name,
  path,
  pem,
  secret,
  text,
  urlPath,
} from '../fields/fields.js'
import { destination, rootTopic } from '../fields/topicFields.js'
import type { Delivery } from '../model.js'

/** What a connection to an MQTT broker needs to know. Times are ms. */
export interface MqttOptions {
  /** What readings for this connection are addressed to. @default 'MQTT' */
  readonly name?: string
  /** Client id: no two clients of a broker may share one. @default made of the names of host and program, and the number of the process */
  readonly client?: string
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
  /** Port of the broker. @default 1883, with `tls` 8883 */
  readonly port?: number
  /** Of MQTT. @default '3.1.1' */
  readonly version?: '3.1.1' | '5'
  /** Carries MQTT in WebSockets on this path, `/mqtt`; without it over TCP alone. */
  readonly webSocketPath?: string
  /** A silent link is tested after this time and given up after 1.5 times it; 0 never tests it. @default 60_000 */
  readonly keepalive?: number
  /** Readings go to `<rootTopic>/<destination>`. @default 'sensor_reporter' */
  readonly rootTopic?: string
  /** Commands come in on `<rootTopic>/<source>`, for the newest of these sources. @default none */
  readonly commandSources?: readonly string[] | Observable<readonly string[]>
  /** The broker forgets a retained reading after this time; needs version 5. @default never */
  readonly messageExpiry?: number
  /** Each reading on its topic, or one JSON object for each report of a device, or both. @default 'plain' */
  readonly format?: 'plain' | 'json' | 'both'
  /** How readings are delivered that do not say it themselves. @default QoS 0, not retained, the latest is kept */
  readonly delivery?: Delivery
  /** The newest files of spools, by the names that deliveries call them. @default none */
  readonly spools?: SpoolFiles | Observable<SpoolFiles>
  /** Bytes of each spool. @default 10 MiB */
  readonly spoolSize?: number
  /** Announces everything to Home Assistant and openHAB, with what is usual there where it is `true`. @default not */
  readonly homeAssistant?: boolean | HomeAssistantOptions
  /** What the sections of a configuration can say: announced before it says anything, and cleared when it is no longer there. */
  readonly expected?: Expected | Observable<Expected>
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
  /**
   * How long the end may take once the readings have completed: until a connection that is being made is there, and until the
   * broker has what waits and what is on its way. @default 10_000
   */
  readonly closeTimeout?: number
  /** The pauses between attempts to connect. @default { first: 1000, longest: 60_000 } */
  readonly backoff?: Backoff
}

type Defaulted = 'name' | 'client' | 'port' | 'keepalive' | 'rootTopic'

/** The same, nothing left open that a connection cannot do without. */
export type BrokerOptions = MqttOptions &
  Required<Pick<MqttOptions, Defaulted>> & {
    /** Without `homeAssistant`: what the topics of documents begin with that an earlier run left, and that are cleared. */
    readonly formerPrefix?: string
  }

/**
 * Options that are written in code, with what they leave open.
 *
 * @throws TypeError that says what is wrong with them.
 */
export function completeOptions(given: MqttOptions): BrokerOptions {
  const program = basename(process.argv[1] ?? '').replace(/\.\w+$/, '') || 'sensor-reporter'
  return {
    name: 'MQTT',
    client: `${hostname()}-${program}-${process.pid}`,
    port: given.tls ? 8883 : 1883,
    keepalive: 60_000,
    rootTopic: 'sensor_reporter',
    ...withoutAbsent(checked('mqttConnection', mqttOptions, given)),
  }
}

/** What is there and undefined is left out, too. */
const withoutAbsent = <Options extends object>(options: Options): Options =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Options

/** The port of a broker. */
export const port = integer(1, 65_535)

const time = inCode(milliseconds(0)).optional()

const tlsInCode = optionsInCode({
  ca: optionsInCode({ path: inCode(path), pem: inCode(pem) }).optional(),
  client: optionsInCode({ path: inCode(path), cert: inCode(pem), key: inCode(pem) }).optional(),
  serverName: inCode(host).optional(),
  insecure: inCode(boolean).optional(),
})

/** Bytes of a spool. */
export const spoolSize = integer(65_536)

const documentsInCode = optionsInCode({
  prefix: inCode(rootTopic).optional(),
  birthTopic: inCode(rootTopic).optional(),
})

/** Whether there are documents, or where they go. */
const homeAssistantInCode = z.unknown().transform((value, context) => {
  if (typeof value === 'boolean') return value
  const { data, error } = documentsInCode.safeParse(value)
  for (const { path, message } of error?.issues ?? []) context.addIssue({ code: 'custom', path, message })
  return data
})

const mqttOptions = optionsInCode({
  name: inCode(name).optional(),
  client: inCode(text).optional(),
  login: optionsInCode({ user: inCode(mqttString), password: inCode(secret) }).optional(),
  host: inCode(host),
  fallbackHosts: listInCode(inCode(host)).optional(),
  port: inCode(port).optional(),
  version: wordInCode('3.1.1', '5').optional(),
  webSocketPath: inCode(urlPath).optional(),
  keepalive: inCode(milliseconds(0, 65_535_000)).optional(),
  rootTopic: inCode(rootTopic).optional(),
  commandSources: newestInCode(listInCode(inCode(destination))).optional(),
  messageExpiry: inCode(milliseconds(1000)).optional(),
  format: wordInCode('plain', 'json', 'both').optional(),
  delivery: deliveryInCode.optional(),
  spools: newestInCode(recordInCode(text, inCode(path))).optional(),
  spoolSize: inCode(spoolSize).optional(),
  homeAssistant: homeAssistantInCode.optional(),
  expected: z.unknown().optional(),
  health: time,
  tls: tlsInCode.optional(),
  connectTimeout: time,
  acknowledgeTimeout: time,
  closeTimeout: time,
  backoff: optionsInCode({ first: inCode(milliseconds(1)), longest: inCode(milliseconds(1)) }).optional(),
})

/** How Home Assistant finds what there is. */
export interface HomeAssistantOptions {
  /** What the topics of documents begin with. @default 'homeassistant' */
  readonly prefix?: string
  /** Where Home Assistant says that it has started. @default 'homeassistant/status' */
  readonly birthTopic?: string
}

/** The same, with what is usual there where it is left open. */
export function completeHomeAssistant(given: true | HomeAssistantOptions): Required<HomeAssistantOptions> {
  const { prefix = 'homeassistant', birthTopic = 'homeassistant/status' } = given === true ? {} : given
  return { prefix, birthTopic }
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

/** The certificate of a CA, or several, in PEM, and the file they came from. */
export interface CaCertificate {
  /** The file that it came from, for messages. */
  readonly path: string
  /** The text of the file. */
  readonly pem: string
}

/** A certificate that says who we are, with what signed it if need be, and its key; both in PEM. */
export interface ClientCertificate {
  /** The file that the certificate came from. */
  readonly path: string
  /** The certificate, then those that signed it. */
  readonly cert: string
  /** Its private key. */
  readonly key: string
}

/** The pauses between attempts, ms. */
export interface Backoff {
  /** After the first failure; then twice as long each time. */
  readonly first: number
  /** No pause is longer. */
  readonly longest: number
}

/** How long a broker may take to accept the connection, ms. */
export const usualTimeout = 10_000

/** How long the end may take, ms. */
export const usualCloseTimeout = 10_000

/** The broker as messages name it: `localhost:1883`, `[::1]:1883`. */
export const brokerName = ({ host, port }: Pick<BrokerOptions, 'host' | 'port'>): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`

/** The same connection to each of its hosts, in the order in which they are tried. */
export const hostsOf = ({ fallbackHosts = [], ...options }: BrokerOptions): BrokerOptions[] =>
  [options.host, ...fallbackHosts].map((host) => ({ ...options, host }))

/** Files of spools, by the names that deliveries call them. */
export type SpoolFiles = Readonly<Record<string, string>>
