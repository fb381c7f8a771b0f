import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { MqttOptions } from './mqttOptions.js'
import { systemRoots } from './systemRoots.js'

/** Bytes a broker may leave unread before readings are held back: some ten thousand readings, a few MiB of memory. */
const highWaterMark = 1024 * 1024

/** Opens the way to the broker, TCP or TLS; the socket tells by itself how that went. */
export function openSocket({ host, port, tls }: MqttOptions): Socket {
  // Node gives an address of a host with several only 250 ms, less than a mobile link takes to answer.
  const target = { host, port, highWaterMark, autoSelectFamilyAttemptTimeout: 2000 }
  const socket = tls
    ? connectTls({
        ...target,
        ca: tls.ca?.pem ?? systemRoots(),
        rejectUnauthorized: true,
        ...(isIP(host) === 0 && { servername: host }),
        ...(tls.insecure && { checkServerIdentity: () => undefined }),
      })
    : connectTcp(target)
  // Nagle's algorithm would hold a burst's second half back until the first is acknowledged.
  return socket.setNoDelay()
}
