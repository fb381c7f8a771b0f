import { X509Certificate } from 'node:crypto'
import { quoteText } from '../fields/problems.js'
import { brokerName, type BrokerOptions } from './options.js'

/**
 * Why a link to a broker ended. `code` is Node's (`ECONNREFUSED`, `CERT_HAS_EXPIRED`), or `CONNACK_n` (MQTT 3.1.1, table
 * 3.1; from MQTT 5 `CONNACK_0x87`), `DISCONNECT_0x8E`, `CONNACK_TIMEOUT`, `KEEPALIVE_TIMEOUT`, `PUBACK_TIMEOUT`, `WEBSOCKET`,
 * `MALFORMED`, `PROTOCOL_ERROR`, `PACKET_TOO_LARGE`, `CLOSED`, or `CLOSED_EARLY` when CONNECT was never answered.
 */
export class LinkError extends Error {
  readonly code: string
  /** Why, and what to do, in a sentence; absent until somebody who knows what broker that was has said it. */
  explanation?: string

  /** `cause` is undefined when the broker just closed the link; `lasted` counts ms from CONNACK, if one came. */
  constructor(
    override readonly cause: Error | undefined,
    readonly lasted: number | undefined,
  ) {
    const code = codeOf(cause, lasted !== undefined)
    super(`the link to the broker ended (${code})`)
    this.code = code
  }

  /** Whether the broker answered and does not want us: trying again soon will not help. */
  get refused(): boolean {
    return refusals.has(this.code)
  }

  /** Whether a broker ends a link so because of what it was sent: without a word, or with a reason that speaks of it. */
  get punishes(): boolean {
    return (
      this.lasted !== undefined &&
      /^(CLOSED|ECONNRESET|EPIPE|DISCONNECT_0x(8[01237]|9[03579]))$/.test(this.code)
    )
  }

  /** Whether the broker sent what none may send: it will at every link. */
  get harmful(): boolean {
    return this.code === 'PROTOCOL_ERROR' || this.code === 'PACKET_TOO_LARGE'
  }
}

/** With these a broker does not want us as we are. */
const refusals = new Set(
  [
    ...['1', '2', '4', '5'],
    ...['0x84', '0x85', '0x86', '0x87', '0x8A', '0x8C', '0x90', '0x9A', '0x9B', '0x9D'],
  ].map((code) => `CONNACK_${code}`),
)

/** MQTT.js says some of its reasons by message only; the numbers are the return or reason codes of CONNACK. */
function codeOf(cause: (Error & { code?: unknown }) | undefined, connected: boolean): string {
  if (!cause) return connected ? 'CLOSED' : 'CLOSED_EARLY'
  // Node has no code for what OpenSSL's security level refuses.
  if (cause.code === 'UNSPECIFIED' && cause.message.endsWith('too weak'))
    return cause.message.includes('digest') ? 'CERT_SIGNATURE_TOO_WEAK' : 'CERT_KEY_TOO_WEAK'
  if (typeof cause.code === 'string') return cause.code
  if (cause.message === 'connack timeout') return 'CONNACK_TIMEOUT'
  if (cause.message === 'Keepalive timeout') return 'KEEPALIVE_TIMEOUT'
  if (typeof cause.code === 'number' && cause.message.startsWith('Connection refused'))
    return `CONNACK_${cause.code < 128 ? cause.code : reasonCode(cause.code)}`
  return 'MALFORMED'
}

/** A reason code as the tables of MQTT 5 write it: `reasonCode(142)` is `0x8E`. */
export const reasonCode = (code: number): string => `0x${code.toString(16).toUpperCase().padStart(2, '0')}`

/**
 * Why there is no link, and what to do, in a sentence for the log:
 * `cannot reach broker localhost:1883 (ECONNREFUSED): is it running, and are Host and Port right?`
 */
export function explain(error: LinkError, options: BrokerOptions): string {
  const [what, remedy] = reasonOf(error.code)
  const advice = typeof remedy === 'string' ? remedy : remedy(options, error)
  return `${what} ${brokerName(options)} (${error.code}): ${advice}`
}

/** What happened, to be followed by the broker's name, and what to do about it. */
type Reason = readonly [what: string, remedy: string | ((options: BrokerOptions, error: LinkError) => string)]

/** By the code of a LinkError. */
function reasonOf(code: string): Reason {
  // OpenSSL puts before its alerts what changes from version to version.
  const reason = reasons[code] ?? reasons[/ALERT_\w+$/.exec(code)?.[0] ?? '']
  if (reason) return reason
  const [packet, number = ''] = code.split('_')
  const meaning = brokerReasons[number] ?? 'is it well?'
  if (packet === 'CONNACK') return ['refused by broker', meaning]
  return [packet === 'DISCONNECT' ? 'lost broker' : 'no connection to broker', meaning]
}

/** Where TLS begins is the commonest mistake. */
const ports = 'TLS is usually on port 8883, plain MQTT on 1883'

const webSocket = 'check Port and Path, and whether Transport is to be ws or wss'

const turnedAway = ({ version, webSocketPath }: BrokerOptions) => {
  if (webSocketPath !== undefined) return `is it a broker, and has it WebSockets there? ${webSocket}`
  const notMqtt = `is it an MQTT broker, and does it want TLS (TLS = YES) or not? ${ports}`
  return version === '5'
    ? `${notMqtt}; does it speak MQTT 5? If not, leave out Version`
    : `${notMqtt}; or it takes no retained will or no QoS 1, which ONLINE and OFFLINE need: Version = 5 would tell`
}

const unknownHost: Reason = ['cannot find broker', 'is Host right, and does this machine resolve names?']

const unreachable: Reason = ['cannot reach broker', 'is Host right, and is this machine on the network?']

const silent: Reason = [
  'no answer from broker',
  'are Host and Port right, is it well, is a firewall in between?',
]

const cut: Reason = [
  'connection cut by broker',
  (options, { lasted }) => (lasted === undefined ? turnedAway(options) : 'is it well?'),
]

const login: Reason = [
  'login refused by broker',
  ({ client }) =>
    `check User and Password, and whether it lets this user in with the client id ${quoteText(client)}`,
]

const noTls: Reason = ['no TLS with broker', `does it speak TLS on this Port? ${ports}`]

const date: Reason = [
  'cannot trust broker',
  "its certificate is not valid today: renew it, or mend this machine's clock",
]

const notSigned = ({ tls }: BrokerOptions) =>
  `its certificate is not signed by ${tls?.ca ? `the CA in ${tls.ca.path}` : 'a CA that this system knows'}: set CAcert to the certificate of the CA that signed it`

const unknownCa: Reason = ['cannot trust broker', notSigned]

/** The broker sends its own certificate only, and nobody knows here who signed it. */
const noIntermediate: Reason = [
  'cannot trust broker',
  (options) =>
    `${notSigned(options)}; or, where a CA between the two did, have the broker send the certificate of that intermediate CA, too: append it to the file with the broker's own (mosquitto: certfile)`,
]

/** What we trust is no end of a chain. */
const intermediateOnly: Reason = [
  'cannot trust broker',
  ({ tls }) =>
    tls?.ca
      ? `the CA in ${tls.ca.path} is itself signed by another, ${quoteText(new X509Certificate(tls.ca.pem).issuer.replaceAll('\n', ', '))}: append the certificate of that one to the file, or set CAcert to it`
      : 'the CA that signed its certificate is itself signed by another that this system does not know: set CAcert to the certificate of that one',
]

const weak = (whose: string, what: string): Reason => [
  whose,
  `${what}: have it made anew, with a key of RSA with 2048 bits or more, or EC, and signed with SHA-256 or better`,
]

const ourCertificate: Reason = [
  'certificate refused by broker',
  ({ tls }) =>
    tls?.client
      ? `it does not trust the one in ${tls.client.path}: it must be valid today and signed by a CA that the broker knows`
      : 'it wants one: set Cert and Key',
]

const harmful: Reason = ['lost broker', (_options, { cause }) => cause?.message ?? '']

const oldTls: Reason = ['no TLS with broker', 'expected TLS 1.2 or newer: raise that of the broker']

/** By the code of a LinkError, or the end of it: what OpenSSL puts before its alerts changes from version to version. */
const reasons: Readonly<Record<string, Reason>> = {
  ECONNREFUSED: ['cannot reach broker', 'is it running, and are Host and Port right?'],
  ENOTFOUND: unknownHost,
  EAI_AGAIN: unknownHost,
  ETIMEOUT: [
    'cannot find broker',
    'the name server does not answer: is this machine on the network, and is its name server right (/etc/resolv.conf)? With an IP address as Host, or the name in /etc/hosts, none is needed',
  ],
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  ENETDOWN: unreachable,
  EADDRNOTAVAIL: unreachable,
  ETIMEDOUT: silent,
  CONNACK_TIMEOUT: silent,
  PUBACK_TIMEOUT: [
    'lost broker',
    'it no longer acknowledges readings; does it limit how many it takes from one client?',
  ],
  KEEPALIVE_TIMEOUT: ['lost broker', 'it no longer answers'],
  ECONNRESET: cut,
  EPIPE: cut,
  CLOSED: ['lost broker', 'it closed the connection'],
  CLOSED_EARLY: ['turned away by broker', turnedAway],
  MALFORMED: ['cannot understand broker', 'is it an MQTT broker?'],
  PACKET_TOO_LARGE: harmful,
  PROTOCOL_ERROR: harmful,
  WEBSOCKET: [
    'no WebSocket with broker',
    (_options, { cause }) => `it answers ${quoteText(cause?.message ?? '')}: ${webSocket}`,
  ],
  CONNACK_1: [
    'refused by broker',
    ({ version }) =>
      version === '5' ? 'it does not speak MQTT 5: leave out Version' : 'it does not speak MQTT 3.1.1',
  ],
  CONNACK_2: [
    'client id refused by broker',
    ({ client, keepalive }) =>
      `check Client (${quoteText(client)}), or Keepalive: some refuse with this one of 0 or above their maximum, yours is ${keepalive / 1000} s`,
  ],
  CONNACK_3: ['refused by broker', 'it says that it is not available'],
  CONNACK_4: login,
  CONNACK_5: login,
  CONNACK_0x86: login,
  CONNACK_0x87: login,
  DISCONNECT_0x8E: [
    'turned out by broker',
    ({ client }) =>
      `another client with the id ${quoteText(client)} has connected: each needs a Client of its own`,
  ],
  // What Node and OpenSSL have against a certificate or a handshake.
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: noIntermediate,
  UNABLE_TO_GET_ISSUER_CERT: intermediateOnly,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownCa,
  SELF_SIGNED_CERT_IN_CHAIN: unknownCa,
  DEPTH_ZERO_SELF_SIGNED_CERT: unknownCa,
  CERT_SIGNATURE_FAILURE: unknownCa,
  CERT_SIGNATURE_TOO_WEAK: weak(
    'cannot trust broker',
    'its certificate, or that of its CA, is signed in a weak way such as SHA-1',
  ),
  CERT_KEY_TOO_WEAK: weak('cannot trust broker', 'the key of its certificate, or of its CA, is too short'),
  ERR_SSL_EE_KEY_TOO_SMALL: weak('no TLS with broker', 'the key of our own certificate is too short'),
  ERR_SSL_CA_MD_TOO_WEAK: weak(
    'no TLS with broker',
    'our own certificate is signed in a weak way such as SHA-1',
  ),
  CERT_HAS_EXPIRED: date,
  CERT_NOT_YET_VALID: date,
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'cannot trust broker',
    ({ host, tls }, { cause }) =>
      `its certificate is for ${certificateNames(cause)}, not for ${tls?.serverName ?? host}: set Host or ServerName to one of its names, or TLSinsecure = YES where that cannot be`,
  ],
  ERR_SSL_WRONG_VERSION_NUMBER: noTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: noTls,
  EPROTO: noTls,
  ERR_SSL_UNSUPPORTED_PROTOCOL: oldTls,
  ALERT_PROTOCOL_VERSION: oldTls,
  ALERT_CERTIFICATE_REQUIRED: ourCertificate,
  ALERT_BAD_CERTIFICATE: ourCertificate,
  ALERT_CERTIFICATE_EXPIRED: ourCertificate,
  ALERT_CERTIFICATE_REVOKED: ourCertificate,
  ALERT_CERTIFICATE_UNKNOWN: ourCertificate,
  ALERT_HANDSHAKE_FAILURE: ourCertificate,
  ALERT_UNKNOWN_CA: ourCertificate,
}

/** What a broker means by a reason code of MQTT 5 (section 2.4 there), and what to do about it. */
export const brokerReasons: Readonly<Record<string, string>> = {
  '0x80': 'it gives no reason; its log may',
  '0x81': 'it could not read a packet of ours: is something between us that changes them?',
  '0x82': 'it says that we break the rules of MQTT; its log may tell which',
  '0x83': 'it has a reason of its own; its log may tell',
  '0x84': 'it does not speak MQTT 5: leave out Version',
  '0x85': 'it does not take this client id: check Client',
  '0x87': 'it does not allow that: check its access list',
  '0x88': 'it says that it is not available',
  '0x89': 'it is too busy just now',
  '0x8A': 'it has banned this client: ask who runs it',
  '0x8B': 'it is shutting down',
  '0x8C': 'it wants another way to log in than User and Password',
  '0x8D': 'it heard nothing of us for too long: is the network well, and Keepalive short enough?',
  '0x90': 'it does not take that topic: check RootTopic and Destination',
  '0x93': 'it got more messages at once than it takes',
  '0x95': 'the message is larger than it takes: raise its limit for packets',
  '0x96': 'it gets too many messages: report less often (Interval, OnChange), or raise its limit',
  '0x97': 'a quota of this user is used up: raise it at the broker',
  '0x98': 'whoever runs it closed the connection',
  '0x99': 'it takes the payload for no UTF-8',
  '0x9A':
    'it retains no messages, which ONLINE and OFFLINE need: allow them there (mosquitto: retain_available true)',
  '0x9B':
    'it does not take messages at QoS 1, which ONLINE and OFFLINE need: allow them there (mosquitto: max_qos 1)',
  '0x9C': 'it wants its clients to use another broker for now',
  '0x9D': 'it has moved: set Host to where it is now',
  '0x9F': 'too many clients connect to it at once',
  '0xA0': 'it lets nobody stay longer than that',
}

/** The names in the certificate that Node refused (`ERR_TLS_CERT_ALTNAME_INVALID`), which come from the network. */
function certificateNames(cause: Error | undefined): string {
  const { cert } = (cause ?? {}) as { cert?: { subjectaltname?: string; subject?: { CN?: string } } }
  return quoteText(cert?.subjectaltname ?? cert?.subject?.CN ?? '')
}
