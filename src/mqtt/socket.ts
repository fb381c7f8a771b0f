import { connect as connectTcp, isIP, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import { defer, map, type Observable, of } from 'rxjs'
import type * as ws from 'ws'
import { brokerName, type MqttOptions } from './options.js'
import { systemRoots } from './tls.js'

/** A socket on its way to a broker, which tells by itself how that goes, and what carries MQTT over it. */
export interface Way {
  readonly socket: Socket
  /** The socket itself, or WebSockets. */
  readonly stream: Duplex
}

/** Begins to open the way to a broker and emits it; whoever gets it closes it. */
export function openWay(options: MqttOptions): Observable<Way> {
  // WebSockets are loaded on demand: most daemons do without.
  const library$: Observable<typeof ws | undefined> =
    options.webSocketPath === undefined ? of(undefined) : defer(() => import('ws'))
  return library$.pipe(
    map((library) => {
      const socket = openSocket(options)
      return { socket, stream: library ? webSocketStream(library, options, socket) : socket }
    }),
  )
}

/** Bytes a broker may leave unread before readings are held back: some ten thousand readings, a few MiB of memory. */
const highWaterMark = 1024 * 1024

/** TCP or TLS. */
function openSocket({ host, port, tls }: MqttOptions): Socket {
  // Node gives an address of a host with several only 250 ms, less than a mobile link takes to answer.
  const target = { host, port, highWaterMark, autoSelectFamilyAttemptTimeout: 2000 }
  const servername = tls?.serverName ?? host
  const socket = tls
    ? connectTls({
        ...target,
        ca: tls.ca?.pem ?? systemRoots(),
        ...(tls.client && { cert: tls.client.cert, key: tls.client.key }),
        minVersion: 'TLSv1.2',
        rejectUnauthorized: true,
        ...(isIP(servername) === 0 && { servername }),
        ...(tls.insecure && { checkServerIdentity: () => undefined }),
      })
    : connectTcp(target)
  // Nagle's algorithm would hold a burst's second half back until the first is acknowledged.
  return socket.setNoDelay()
}

/** MQTT in WebSocket frames (MQTT 5, section 6) over a socket of ours, so that TLS, no-delay and the like are as without them. */
function webSocketStream(
  { WebSocket, createWebSocketStream }: typeof ws,
  options: MqttOptions,
  socket: Socket,
): Duplex {
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
