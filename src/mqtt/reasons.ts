import { quoteText } from '../config/quoteText.js'
import type { MqttOptions } from './mqttOptions.js'
import { ports } from './ports.js'
import type { Reason } from './reason.js'

const unknownHost: Reason = ['cannot find broker', 'is Host right, and does this machine resolve names?']
const unreachable: Reason = ['cannot reach broker', 'is Host right, and is this machine on the network?']
const silent: Reason = [
  'no answer from broker',
  'are Host and Port right, is it well, is a firewall in between?',
]
const webSocket = 'check Port and Path, and whether Transport is to be ws or wss'
const notMqtt = `is it an MQTT broker, and does it want TLS (TLS = YES) or not? ${ports}`
const turnedAway = ({ version, webSocketPath }: MqttOptions) => {
  if (webSocketPath !== undefined) return `is it a broker, and has it WebSockets there? ${webSocket}`
  return version === '5' ? `${notMqtt}; does it speak MQTT 5? If not, leave out Version` : notMqtt
}
const cut: Reason = [
  'connection cut by broker',
  (options, { lasted }) => (lasted === undefined ? turnedAway(options) : 'is it well?'),
]
const login: Reason = ['login refused by broker', 'check User and Password, and whether it lets this user in']
const rival: Reason = [
  'turned out by broker',
  ({ client }) =>
    `another client with the id ${quoteText(client)} has connected: each needs a Client of its own`,
]
const noWebSocket: Reason = [
  'no WebSocket with broker',
  (_options, { cause }) => `it answers ${quoteText(cause?.message ?? '')}: ${webSocket}`,
]

/** By the code of a LinkError; those of TLS are in `tlsReasons`. */
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
  WEBSOCKET: noWebSocket,
  CONNACK_1: [
    'refused by broker',
    ({ version }) =>
      version === '5' ? 'it does not speak MQTT 5: leave out Version' : 'it does not speak MQTT 3.1.1',
  ],
  CONNACK_2: ['client id refused by broker', 'check Client'],
  CONNACK_3: ['refused by broker', 'it says that it is not available'],
  CONNACK_4: login,
  CONNACK_5: login,
  CONNACK_0x86: login,
  CONNACK_0x87: login,
  DISCONNECT_0x8E: rival,
}
