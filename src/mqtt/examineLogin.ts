import { TLSSocket } from 'node:tls'
import { concat, fromEvent, Observable, of, switchMap, take, tap } from 'rxjs'
import { quoteText } from '../config/quoteText.js'
import type { Finding } from '../doctor/finding.js'
import { brokerName } from './brokerName.js'
import { carrier, type Carrier } from './carrier.js'
import { endings } from './endings.js'
import { examineStatus } from './examineStatus.js'
import { examiningClient } from './examiningClient.js'
import { explain } from './explain.js'
import { LinkError } from './linkError.js'
import type { MqttOptions } from './mqttOptions.js'
import { openSocket } from './openSocket.js'

/** Goes the way to the broker step by step, up to the login and who is logged in already; ends where it does not go on. */
export const examineLogin = (options: MqttOptions): Observable<Finding> =>
  carrier(options).pipe(switchMap((carry) => attempt(options, carry)))

const attempt = (options: MqttOptions, carry: Carrier): Observable<Finding> =>
  new Observable((subscriber) => {
    const broker = brokerName(options)
    const socket = openSocket(options)
    const client = examiningClient(options, carry(options, socket), options.version === '5' ? 5 : 4)
    let loggedIn = false
    const went = (text: string) => subscriber.next({ ok: true, text })
    const broke = (cause: Error | undefined) => {
      subscriber.next({ ok: false, text: explain(new LinkError(cause, loggedIn ? 0 : undefined), options) })
      subscriber.complete()
    }
    socket.once('lookup', (error: Error | null, address: string) => {
      if (!error) went(`${options.host} is ${address}`)
    })
    socket.once('connect', () => went(`${broker} can be reached`))
    socket.once('secureConnect', () => went(`its certificate is trusted: ${certificate(socket)}`))
    subscriber.add(endings(client).pipe(tap(broke)).subscribe())
    subscriber.add(
      fromEvent(client, 'connect')
        .pipe(
          take(1),
          tap(() => (loggedIn = true)),
          switchMap(() =>
            concat(of({ ok: true, text: 'the login is accepted' }), examineStatus(client, options)),
          ),
        )
        .subscribe(subscriber),
    )
    return () => {
      client.end(true)
      socket.destroy()
    }
  })

function certificate(socket: unknown): string {
  if (!(socket instanceof TLSSocket)) return ''
  const { subject, subjectaltname, valid_to } = socket.getPeerCertificate()
  return `${quoteText(subjectaltname ?? String(subject.CN))}, valid until ${quoteText(valid_to)}`
}
