import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { highWaterMark } from './highWaterMark.js'
import type { MqttOptions } from './mqttOptions.js'
import { systemRoots } from './systemRoots.js'

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
