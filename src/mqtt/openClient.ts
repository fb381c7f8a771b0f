import type { Duplex } from 'node:stream'
import { type IClientOptions, MqttClient, type Packet } from 'mqtt'
import { Observable } from 'rxjs'
import { longestPacket } from './guard.js'
import { type BrokerOptions, usualTimeout } from './options.js'
import { reasonCode } from './reasons.js'

/** A client of MQTT.js for one link over a stream; neither an error nor a broken packet ends the program. */
export function openClient(stream: Duplex, options: IClientOptions): MqttClient {
  const client = new MqttClient(() => stream, options)
  // An error after the link is over is nobody's business, but with no listener at all it would end the program.
  client.on('error', () => undefined)
  client.on('packetreceive', (packet) => {
    obeyKeepalive(client, packet)
    rejectMissingId(client, packet)
  })
  return client
}

/** Our options in the words of MQTT.js. Nothing may be undefined there: it would erase a default. */
export const clientOptions = (options: BrokerOptions): IClientOptions => ({
  clientId: options.client,
  ...(options.login && { username: options.login.user, password: options.login.password }),
  keepalive: Math.ceil(options.keepalive / 1000),
  will: {
    topic: `${options.rootTopic}/status`,
    payload: Buffer.from('OFFLINE'),
    qos: 1,
    retain: true,
    ...(options.version === '5' && { properties: statusFormat }),
  },
  protocolVersion: options.version === '5' ? 5 : 4,
  clean: true,
  // What is to survive the end of a link is in our outbox, nothing in a session at the broker.
  ...(options.version === '5' && {
    properties: { sessionExpiryInterval: 0, maximumPacketSize: longestPacket },
  }),
  connectTimeout: options.connectTimeout ?? usualTimeout,
  // One client is one link: reconnecting is ours, so a message of the last link never holds up the next one.
  reconnectPeriod: 0,
  resubscribe: false,
  queueQoSZero: false,
  // These two save 19 MiB of ready-made numbers, and the debug texts of every packet.
  writeCache: false,
  log: () => undefined,
})

/** What MQTT 5 tells subscribers about the payloads on `<rootTopic>/status`; MQTT 3.1.1 has no room for it. */
export const statusFormat = { contentType: 'text/plain', payloadFormatIndicator: true }

/**
 * Emits why a client loses its link, as the cause of a LinkError: an error, the goodbye of a broker that speaks MQTT 5
 * (`DISCONNECT_0x8E`), or `undefined` when it was just closed.
 */
export const endings = (client: MqttClient): Observable<Error | undefined> =>
  new Observable((subscriber) => {
    client.on('error', (error) => subscriber.next(error))
    client.on('disconnect', ({ reasonCode: code = 0 }) => {
      const error = new Error('the broker says goodbye')
      subscriber.next(Object.assign(error, { code: `DISCONNECT_${reasonCode(code)}` }))
    })
    client.on('close', () => subscriber.next(undefined))
  })

/** MQTT.js takes the keep-alive that a broker dictates only in place of one of ours: with none it would be cut off again and again. */
function obeyKeepalive(client: MqttClient, packet: Packet): void {
  const dictated = packet.cmd === 'connack' ? packet.properties?.serverKeepAlive : undefined
  if (dictated !== undefined) client.options.keepalive = dictated
}

/**
 * MQTT.js 5.16 throws when it acknowledges a message whose packet was too short to hold an id, which would end the
 * program: this makes a broken link of it.
 */
function rejectMissingId(client: MqttClient, packet: Packet): void {
  if (packet.messageId !== -1) return
  packet.messageId = 0
  client.emit('error', new Error('a packet without a message id'))
}
