import { X509Certificate } from 'node:crypto'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { asyncScheduler, fromEvent, ignoreElements, type Observable, switchMap, tap, timer } from 'rxjs'
import type { Logger } from '../model.js'
import { brokerName, type MqttOptions } from './options.js'
import { readCertificate } from './tls.js'

const day = 86_400_000

const notice = 30 * day

/**
 * Says that a certificate expires within 30 days, or has expired; `undefined` when it does not. `validTo` is as OpenSSL
 * writes it: `expiry('Dec 24 12:00:00 2026 GMT')` is `expires in 9 days, on 2026-12-24`.
 */
export function expiry(validTo: string, now = asyncScheduler.now()): string | undefined {
  const end = Date.parse(validTo)
  if (!(end - now < notice)) return undefined
  const date = new Date(end).toISOString().slice(0, 10)
  if (end <= now) return `expired on ${date}`
  const days = Math.floor((end - now) / day)
  return `expires ${days === 0 ? 'within a day' : days === 1 ? 'in 1 day' : `in ${days} days`}, on ${date}`
}

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

/** Says that the certificate in a file expires within 30 days; what else is wrong with it is said elsewhere. */
export function expiringFile(path: string): string | undefined {
  try {
    const text = expiry(new X509Certificate(readCertificate(path, 'our certificate')).validTo)
    return text && `the certificate in ${path} ${text}: renew it`
  } catch {
    return undefined
  }
}
