import { connect as connectTcp, isIP, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import { defer, map, type Observable, of } from 'rxjs'
import { highWaterMark, type MqttOptions } from './options.js'
import { systemRoots } from './tls.js'

/** What carries MQTT over a socket. */
export type Carrier = (options: MqttOptions, socket: Socket) => Duplex

const bare: Carrier = (_options, socket) => socket

/** The socket itself, or WebSockets; these are loaded on demand, since most daemons do without. */
export const carrier = ({ webSocketPath }: MqttOptions): Observable<Carrier> =>
  webSocketPath === undefined
    ? of(bare)
    : defer(() => import('./webSocketStream.js')).pipe(map(({ webSocketStream }) => webSocketStream))

/** Opens the way to the broker, TCP or TLS; the socket tells by itself how that went. */
export function openSocket({ host, port, tls }: MqttOptions): Socket {
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

/** Where TLS begins is the commonest mistake. */
export const ports = 'TLS is usually on port 8883, plain MQTT on 1883'
