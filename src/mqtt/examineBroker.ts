import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { IClientOptions, MqttClient } from 'mqtt'
import {
  catchError,
  concat,
  fromEvent,
  Observable,
  of,
  type Subscriber,
  switchMap,
  take,
  takeWhile,
  tap,
  throwError,
  timeout,
} from 'rxjs'
import { quoteText } from '../fields/problems.js'
import type { Finding } from '../plugin/plugin.js'
import { documentTopic, rootId } from './homeAssistantDocuments.js'
import { clientOptions, endings, openClient } from './openClient.js'
import { brokerName, type BrokerOptions, completeHomeAssistant } from './options.js'
import { explain, LinkError } from './reasons.js'
import { openWay } from './socket.js'

/** Tries out whether a connection could do its work: name, network, TLS, login, topics. Ends with the first thing that is not ok. */
export const examineBroker = (options: BrokerOptions): Observable<Finding> =>
  concat(
    examineLogin(options),
    ...[belowRoot(options), ...asDocument(options)].map((attempt) => examineWriting(options, attempt)),
  ).pipe(takeWhile(({ ok }) => ok, true))

/** Goes the way to the broker step by step, up to the login and who is logged in already; ends where it does not go on. */
const examineLogin = (options: BrokerOptions): Observable<Finding> =>
  examine(options, options.version === '5' ? 5 : 4, (client, socket, subscriber) => {
    let loggedIn = false
    const went = (text: string) => subscriber.next({ ok: true, text })
    const broke = (cause: Error | undefined) => {
      subscriber.next({ ok: false, text: explain(new LinkError(cause, loggedIn ? 0 : undefined), options) })
      subscriber.complete()
    }
    socket.once('lookup', (error: Error | null, address: string) => {
      if (!error) went(`${options.host} is ${address}`)
    })
    socket.once('connect', () => went(`${brokerName(options)} can be reached`))
    socket.once('secureConnect', () => went(`its certificate is trusted: ${certificateOf(socket)}`))
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
  })

function certificateOf(socket: Socket): string {
  if (!(socket instanceof TLSSocket)) return ''
  const { subject, subjectaltname, valid_to } = socket.getPeerCertificate()
  return `${quoteText(subjectaltname ?? String(subject.CN))}, valid until ${quoteText(valid_to)}`
}

/** A broker sends what is retained along with its acknowledgement. */
const statusPatience = 1000

/**
 * What can be known about whether the client id is in use: a broker does not tell, and to try would cut off who uses it. But
 * a reporter that is there says ONLINE.
 */
function examineStatus(client: MqttClient, { rootTopic, client: id }: BrokerOptions): Observable<Finding> {
  const status = `${rootTopic}/status`
  const finding = (text: string): Finding => ({ ok: true, text: `client id ${quoteText(id)}: ${text}` })
  const free = (fact: string) =>
    finding(`no reporter ${fact} on ${status}, so it is free unless others use it`)
  return new Observable<Finding>((subscriber) => {
    client.on('message', (topic, payload) => {
      if (topic !== status) return
      subscriber.next(
        payload.toString() === 'ONLINE'
          ? finding(
              `a reporter is ONLINE on ${status}; if it is not the daemon of this very configuration, choose another Client and RootTopic`,
            )
          : free('is ONLINE'),
      )
      subscriber.complete()
    })
    client.subscribe(status)
  }).pipe(timeout({ first: statusPatience, with: () => of(free('has been seen')) }))
}

const writingPatience = 3000

/** What is tried out of writing. */
interface Attempt {
  readonly topic: string
  readonly payload: string
  readonly retain: boolean
  /** What can be done then. */
  readonly can: string
  /** What mends it. */
  readonly allow: string
}

const belowRoot = ({ rootTopic }: BrokerOptions): Attempt => ({
  topic: `${rootTopic}/doctor`,
  payload: 'test',
  retain: false,
  can: `${rootTopic}/ can be written`,
  allow: `let this user write ${rootTopic}/# in the access list of the broker`,
})

/** A document that is none: to Home Assistant it takes away a device that there never was. */
function asDocument({ rootTopic, homeAssistant }: BrokerOptions): Attempt[] {
  if (!homeAssistant) return []
  const { prefix, birthTopic } = completeHomeAssistant(homeAssistant)
  const documents = documentTopic(prefix, '+')
  return [
    {
      topic: documentTopic(prefix, `${rootId(rootTopic)}_doctor`),
      payload: '',
      retain: true,
      can: `${prefix}/device/ can be written, for Home Assistant`,
      allow:
        `for HomeAssistant = YES let this user write and read ${documents} and read ${birthTopic} in the access list ` +
        `of the broker (mosquitto: topic readwrite ${documents} and topic read ${birthTopic})`,
    },
  ]
}

/**
 * Whether a message is let through. A broker that speaks MQTT 5 says so; from another one the message has to come back, which a
 * login that may write but not read never sees.
 */
function examineWriting(
  options: BrokerOptions,
  { topic, payload, retain, can, allow }: Attempt,
): Observable<Finding> {
  const arrived = { ok: true, text: can }
  /** Fails when nothing can be learned of it. */
  const attemptIn = (version: 4 | 5) =>
    examine(options, version, (client, _socket, subscriber) => {
      const find = (finding: Finding) => {
        subscriber.next(finding)
        subscriber.complete()
      }
      client.on('close', () => subscriber.error(new Error(', the broker closed the link')))
      client.on('message', () => find(arrived))
      client.on('connect', () => {
        client.subscribe(topic)
        client.publish(topic, payload, { qos: 1, retain }, (error) => {
          if (error) find({ ok: false, text: `The broker refuses messages on ${topic}: ${allow}.` })
          else if (version === 5) find(arrived)
        })
      })
    }).pipe(timeout({ first: writingPatience, with: () => throwError(() => new Error('')) }))
  return attemptIn(5).pipe(
    catchError(() => attemptIn(4)),
    catchError((seen: unknown) =>
      of({
        ok: false,
        text: `A message on ${topic} did not come back${(seen as Error).message}: ${allow} (and read it, for this test).`,
      }),
    ),
  )
}

/**
 * Looks at the broker with a client that has the login of a connection but neither its will nor its client id, so that the daemon
 * that uses them is not cut off and does not seem OFFLINE afterwards.
 */
function examine(
  options: BrokerOptions,
  protocolVersion: 4 | 5,
  look: (client: MqttClient, socket: Socket, subscriber: Subscriber<Finding>) => void,
): Observable<Finding> {
  return openWay(options).pipe(
    switchMap(
      ({ socket, stream }) =>
        new Observable<Finding>((subscriber) => {
          const clientId = `${options.client}-doctor-${randomBytes(2).toString('hex')}`
          const own: IClientOptions = { ...clientOptions(options), clientId, protocolVersion }
          delete own.will
          const client = openClient(stream, own)
          look(client, socket, subscriber)
          return () => {
            client.end(true)
            socket.destroy()
          }
        }),
    ),
  )
}
