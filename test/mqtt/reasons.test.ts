import { expect, it } from 'vitest'
import type { BrokerOptions } from '../../src/mqtt/options.js'
import { explain, LinkError } from '../../src/mqtt/reasons.js'

const options: BrokerOptions = {
  name: 'MQTT',
  client: 'test',
  login: { user: 'user', password: 'secret' },
  host: '::1',
  port: 8883,
  keepalive: 0,
  rootTopic: 'root',
  tls: { ca: { path: '/ca.crt', pem: '' } },
}
const failed = (code: string | number, message = '', more = {}) =>
  Object.assign(new Error(message), { code, ...more })

it.each([
  [
    failed('ECONNREFUSED'),
    undefined,
    'cannot reach broker [::1]:8883 (ECONNREFUSED): is it running, and are Host and Port right?',
  ],
  [failed('ENOTFOUND'), undefined, 'cannot find broker'],
  [new Error('connack timeout'), undefined, 'no answer from broker'],
  [new Error('Keepalive timeout'), 5000, 'lost broker [::1]:8883 (KEEPALIVE_TIMEOUT): it no longer answers'],
  [failed('PUBACK_TIMEOUT'), 5000, '(PUBACK_TIMEOUT): it no longer acknowledges readings'],
  [failed(5, 'Connection refused: Not authorized'), undefined, 'check User and Password'],
  [failed(2, 'Connection refused: Identifier rejected'), undefined, 'check Client'],
  [
    failed(2, 'Connection refused: Identifier rejected'),
    undefined,
    'or Keepalive: some refuse with this one of 0',
  ],
  [failed(5, 'Connection refused: Not authorized'), undefined, 'in with the client id "test"'],
  [
    undefined,
    undefined,
    'no retained will or no QoS 1, which ONLINE and OFFLINE need: Version = 5 would tell',
  ],
  [failed(0x86, 'Connection refused: Bad User Name or Password'), undefined, '(CONNACK_0x86): check User'],
  [
    failed(0x89, 'Connection refused: Server busy'),
    undefined,
    'refused by broker [::1]:8883 (CONNACK_0x89): it is too busy',
  ],
  [failed('DISCONNECT_0x8E'), 5, 'another client with the id "test" has connected'],
  [failed('DISCONNECT_0x8B'), 5, 'lost broker [::1]:8883 (DISCONNECT_0x8B): it is shutting down'],
  [failed('DISCONNECT_0xEE'), 5, 'lost broker [::1]:8883 (DISCONNECT_0xEE)'],
  [failed('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'), undefined, 'it wants one: set Cert and Key'],
  [failed('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION'), undefined, 'expected TLS 1.2 or newer'],
  [failed('WEBSOCKET', 'Unexpected\nresponse'), undefined, 'no WebSocket with broker'],
  [failed(130, 'Protocol error: duplicate CONNACK'), 5, 'cannot understand broker'],
  [undefined, undefined, 'turned away by broker [::1]:8883 (CLOSED_EARLY)'],
  [undefined, 0, 'lost broker [::1]:8883 (CLOSED)'],
  [
    failed('CERT_HAS_EXPIRED'),
    undefined,
    "its certificate is not valid today: renew it, or mend this machine's clock",
  ],
  [failed('SELF_SIGNED_CERT_IN_CHAIN'), undefined, 'not signed by the CA in /ca.crt: set CAcert'],
  [failed('ERR_SSL_WRONG_VERSION_NUMBER'), undefined, 'does it speak TLS on this Port?'],
  [
    failed('ERR_TLS_CERT_ALTNAME_INVALID', '', { cert: { subjectaltname: 'DNS:a\nb' } }),
    undefined,
    'its certificate is for "DNS:a',
  ],
  [failed('EWHATEVER'), undefined, 'no connection to broker [::1]:8883 (EWHATEVER)'],
])('explains %s after %s ms', (cause, lasted, text) => {
  const explanation = explain(new LinkError(cause, lasted), options)
  expect(explanation).toContain(text)
  expect(explanation).not.toMatch(/\p{Cc}|secret/u)
})
