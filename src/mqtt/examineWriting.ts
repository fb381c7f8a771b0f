import { catchError, Observable, of, switchMap, throwError, timeout } from 'rxjs'
import type { Finding } from '../doctor/finding.js'
import { carrier, type Carrier } from './carrier.js'
import { examiningClient } from './examiningClient.js'
import type { MqttOptions } from './mqttOptions.js'
import { openSocket } from './openSocket.js'

const patience = 3000

/**
 * Whether messages below the root topic are let through. A broker that speaks MQTT 5 says so; from another one the message
 * has to come back, which a login that may write but not read never sees.
 */
export const examineWriting = (options: MqttOptions): Observable<Finding> => {
  const allow = `let this user write ${options.rootTopic}/# in the access list of the broker`
  const attemptIn = (version: 4 | 5) =>
    carrier(options).pipe(switchMap((carry) => attempt(options, carry, version, allow)))
  return attemptIn(5).pipe(
    catchError(() => attemptIn(4)),
    catchError(() =>
      of({
        ok: false,
        text: `A message on ${options.rootTopic}/doctor did not come back: ${allow} (and read it, for this test).`,
      }),
    ),
  )
}

/** Publishes a message that is not retained; fails when nothing can be learned of it. */
const attempt = (options: MqttOptions, carry: Carrier, version: 4 | 5, allow: string): Observable<Finding> =>
  new Observable<Finding>((subscriber) => {
    const topic = `${options.rootTopic}/doctor`
    const socket = openSocket(options)
    const client = examiningClient(options, carry(options, socket), version)
    const say = (finding: Finding) => {
      subscriber.next(finding)
      subscriber.complete()
    }
    const arrived = { ok: true, text: `${options.rootTopic}/ can be written` }
    client.on('close', () => subscriber.error(new Error('closed')))
    client.on('message', () => say(arrived))
    client.on('connect', () => {
      client.subscribe(topic)
      client.publish(topic, 'test', { qos: 1 }, (error) => {
        if (error) say({ ok: false, text: `The broker refuses messages on ${topic}: ${allow}.` })
        else if (version === 5) say(arrived)
      })
    })
    return () => {
      client.end(true)
      socket.destroy()
    }
  }).pipe(timeout({ first: patience, with: () => throwError(() => new Error('no answer')) }))
