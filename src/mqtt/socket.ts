import { connect as connectTcp, isIP, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import { defer, map, type Observable, of } from 'rxjs'
import type * as ws from 'ws'
import { guarded, longestPacket } from './guard.js'
import { lookup } from './names.js'
import { brokerName, type BrokerOptions, usualTimeout } from './options.js'
import { systemRoots } from './tls.js'

/** A socket on its way to a broker, which tells by itself how that goes, and what carries MQTT over it. */
export interface Way {
  readonly socket: Socket
  /** Guards the socket itself, or WebSockets. */
  readonly stream: Duplex
}

/** Begins to open the way to a broker and emits it; whoever gets it closes it. */
export function openWay(options: BrokerOptions): Observable<Way> {
  // WebSockets are loaded on demand: most daemons do without.
  const library$: Observable<typeof ws | undefined> =
    options.webSocketPath === undefined ? of(undefined) : defer(() => import('ws'))
  return library$.pipe(
    map((library) => {
      const socket = openSocket(options)
      return { socket, stream: guarded(library ? webSocketStream(library, options, socket) : socket) }
    }),
  )
}

/** TCP or TLS. */
function openSocket({ host, port, tls, connectTimeout = usualTimeout }: BrokerOptions): Socket {
  const target = {
    host,
    port,
    // Less than the whole: that a name server does not answer is not to look like a broker that does not.
    lookup: lookup(0.8 * connectTimeout),
    // Node gives an address of a host with several only 250 ms, less than a mobile link takes to answer.
    autoSelectFamilyAttemptTimeout: 2000,
  }
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

/** Bytes of a frame from a broker, which may hold many packets of MQTT, or one that is too long. */
const maxPayload = 4 * longestPacket

/** MQTT in WebSocket frames (MQTT 5, section 6) over a socket of ours, so that TLS, no-delay and the like are as without them. */
function webSocketStream(
  { WebSocket, createWebSocketStream }: typeof ws,
  options: BrokerOptions,
  socket: Socket,
): Duplex {
  const protocol = options.tls ? 'wss' : 'ws'
  const url = new URL(`${protocol}://${brokerName(options)}${options.webSocketPath ?? ''}`)
  const webSocket = new WebSocket(url, 'mqtt', {
    createConnection: () => socket,
    perMessageDeflate: false,
    maxPayload,
    autoPong: false,
  })
  // The answers to a broker that asks without end, and reads nothing, must not pile up.
  webSocket.on('ping', (data) => {
    if (socket.writableLength < maxPayload) webSocket.pong(data)
  })
  // Most faults of a handshake have no code, and without one MQTT.js keeps them to itself.
  webSocket.on('error', (error: NodeJS.ErrnoException) => {
    if (/^(HPE_|WS_ERR_|$)/.test(error.code ?? '')) error.code = 'WEBSOCKET'
  })
  const stream = createWebSocketStream(webSocket)
  // When the broker closes, the stream ends; but it closes only when somebody destroys it.
  webSocket.once('close', () => stream.destroy())
  return stream
}
