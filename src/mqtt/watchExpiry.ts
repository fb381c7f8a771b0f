import { X509Certificate } from 'node:crypto'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { fromEvent, ignoreElements, type Observable, switchMap, tap, timer } from 'rxjs'
import type { Logger } from '../logging/logger.js'
import { brokerName } from './brokerName.js'
import { expiry } from './expiry.js'
import type { MqttOptions } from './mqttOptions.js'

const day = 86_400_000

/**
 * Warns 30 days before the certificate of the broker, or our own, expires: once for each, when the handshake of a socket
 * is over and daily from then on. Never emits.
 */
export function watchExpiry(options: MqttOptions, log: Logger): (socket: Socket) => Observable<never> {
  const said = new Set<string>()
  const client = options.tls?.client
  const own = client && new X509Certificate(client.cert).validTo
  // Whoever read the configuration has said it then.
  if (own !== undefined && expiry(own) !== undefined) said.add(own)
  const warn = (whose: string, validTo: string) => {
    const text = expiry(validTo)
    if (text === undefined || said.has(validTo)) return
    said.add(validTo)
    log.warn(`${whose} ${text}: renew it`)
  }
  return (socket) =>
    fromEvent(socket, 'secureConnect').pipe(
      switchMap(() => timer(0, day)),
      tap(() => {
        if (client && own !== undefined) warn(`our certificate in ${client.path}`, own)
        if (socket instanceof TLSSocket)
          warn(`the certificate of broker ${brokerName(options)}`, socket.getPeerCertificate().valid_to)
      }),
      ignoreElements(),
    )
}
