import { certificateNames } from './certificateNames.js'
import type { LinkError } from './linkError.js'
import type { MqttOptions } from './mqttOptions.js'

/** What happened, to be followed by the broker's name, and what to do about it. */
type Reason = readonly [what: string, remedy: string | ((options: MqttOptions, error: LinkError) => string)]

const ports = 'TLS is usually on port 8883, plain MQTT on 1883'

const unknownHost: Reason = ['cannot find broker', 'is Host right, and does this machine resolve names?']
const unreachable: Reason = ['cannot reach broker', 'is Host right, and is this machine on the network?']
const silent: Reason = [
  'no answer from broker',
  'are Host and Port right, is it well, is a firewall in between?',
]
const notTls: Reason = ['no TLS with broker', `does it speak TLS on this Port? ${ports}`]
const notMqtt = `is it an MQTT broker, and does it want TLS (TLS = YES) or not? ${ports}`
const cut: Reason = [
  'connection cut by broker',
  (_options, { lasted }) => (lasted === undefined ? notMqtt : 'is it well?'),
]
const login: Reason = ['login refused by broker', 'check User and Password, and whether it lets this user in']
const date: Reason = [
  'cannot trust broker',
  "its certificate is not valid today: renew it, or mend this machine's clock",
]
const unknownCa: Reason = [
  'cannot trust broker',
  ({ tls }) =>
    `its certificate is not signed by ${tls?.ca ? `the CA in ${tls.ca.path}` : 'a CA that this system knows'}: set CAcert to the certificate of the CA that signed it`,
]
const otherName: Reason = [
  'cannot trust broker',
  ({ host }, { cause }) =>
    `its certificate is for ${certificateNames(cause)}, not for ${host}: set Host to one of its names, or TLSinsecure = YES where that cannot be`,
]

/** By the code of a LinkError. */
export const reasons: Readonly<Record<string, Reason>> = {
  ECONNREFUSED: ['cannot reach broker', 'is it running, and are Host and Port right?'],
  ENOTFOUND: unknownHost,
  EAI_AGAIN: unknownHost,
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  ENETDOWN: unreachable,
  EADDRNOTAVAIL: unreachable,
  ETIMEDOUT: silent,
  CONNACK_TIMEOUT: silent,
  KEEPALIVE_TIMEOUT: ['lost broker', 'it no longer answers'],
  ECONNRESET: cut,
  EPIPE: cut,
  CLOSED: ['lost broker', 'it closed the connection'],
  CLOSED_EARLY: ['turned away by broker', notMqtt],
  MALFORMED: ['cannot understand broker', 'is it an MQTT broker?'],
  CONNACK_1: ['refused by broker', 'it does not speak MQTT 3.1.1'],
  CONNACK_2: ['client id refused by broker', 'check Client'],
  CONNACK_3: ['refused by broker', 'it says that it is not available'],
  CONNACK_4: login,
  CONNACK_5: login,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownCa,
  UNABLE_TO_GET_ISSUER_CERT: unknownCa,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownCa,
  SELF_SIGNED_CERT_IN_CHAIN: unknownCa,
  DEPTH_ZERO_SELF_SIGNED_CERT: unknownCa,
  CERT_SIGNATURE_FAILURE: unknownCa,
  CERT_HAS_EXPIRED: date,
  CERT_NOT_YET_VALID: date,
  ERR_TLS_CERT_ALTNAME_INVALID: otherName,
  ERR_SSL_WRONG_VERSION_NUMBER: notTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: notTls,
  EPROTO: notTls,
}
