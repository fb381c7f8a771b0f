import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { createWebSocketStream, WebSocket } from 'ws'
import { brokerName, highWaterMark, type MqttOptions } from './options.js'

/** MQTT in WebSocket frames (MQTT 5, section 6) over a socket of ours, so that TLS, no-delay and the like are as without them. */
export function webSocketStream(options: MqttOptions, socket: Socket): Duplex {
  const protocol = options.tls ? 'wss' : 'ws'
  const url = new URL(`${protocol}://${brokerName(options)}${options.webSocketPath ?? ''}`)
  const webSocket = new WebSocket(url, 'mqtt', { createConnection: () => socket, perMessageDeflate: false })
  // Most faults of a handshake have no code, and without one MQTT.js keeps them to itself.
  webSocket.on('error', (error: NodeJS.ErrnoException) => {
    if (/^(HPE_|WS_ERR_|$)/.test(error.code ?? '')) error.code = 'WEBSOCKET'
  })
  const stream = createWebSocketStream(webSocket, { highWaterMark })
  // MQTT.js writes a packet in several parts, and each would become a frame.
  stream._writev = (parts, done) => {
    stream._write(Buffer.concat(parts.map(({ chunk }) => chunk as Buffer)), 'binary', done)
  }
  // When the broker closes, the stream ends; but it closes only when somebody destroys it.
  webSocket.once('close', () => stream.destroy())
  return stream
}
