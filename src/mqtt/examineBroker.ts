import { randomBytes } from 'node:crypto'
import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'
import { type IClientOptions, MqttClient } from 'mqtt'
import {
  catchError,
  concat,
  fromEvent,
  Observable,
  of,
  switchMap,
  take,
  takeWhile,
  tap,
  throwError,
  timeout,
} from 'rxjs'
import type { Finding } from '../plugin/plugin.js'
import { quoteText } from '../plugin/problems.js'
import { clientOptions, endings, rejectMissingIds } from './link.js'
import { brokerName, type MqttOptions } from './options.js'
import { explain, LinkError } from './reasons.js'
import { carrier, type Carrier, openSocket } from './socket.js'

/** Tries out whether a connection could do its work: name, network, TLS, login, topics. Ends with the first thing that is not ok. */
export const examineBroker = (options: MqttOptions): Observable<Finding> =>
  concat(examineLogin(options), examineWriting(options)).pipe(takeWhile(({ ok }) => ok, true))

/** Goes the way to the broker step by step, up to the login and who is logged in already; ends where it does not go on. */
const examineLogin = (options: MqttOptions): Observable<Finding> =>
  carrier(options).pipe(switchMap((carry) => tryLogin(options, carry)))

const tryLogin = (options: MqttOptions, carry: Carrier): Observable<Finding> =>
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

/** A broker sends what is retained along with its acknowledgement. */
const statusPatience = 1000

/**
 * What can be known about whether the client id is in use: a broker does not tell, and to try would cut off who uses it. But
 * a reporter that is there says ONLINE.
 */
const examineStatus = (client: MqttClient, options: MqttOptions): Observable<Finding> => {
  const status = `${options.rootTopic}/status`
  const id = `client id ${quoteText(options.client)}`
  const finding = (text: string): Finding => ({ ok: true, text })
  return new Observable<Finding>((subscriber) => {
    client.on('message', (topic, payload) => {
      if (topic !== status) return
      subscriber.next(
        payload.toString() === 'ONLINE'
          ? finding(
              `${id}: a reporter is ONLINE on ${status}; if it is not the daemon of this very configuration, choose another Client and RootTopic`,
            )
          : finding(`${id}: no reporter is ONLINE on ${status}, so it is free unless others use it`),
      )
      subscriber.complete()
    })
    client.subscribe(status)
  }).pipe(
    timeout({
      first: statusPatience,
      with: () =>
        of(finding(`${id}: no reporter has been seen on ${status}, so it is free unless others use it`)),
    }),
  )
}

/**
 * A client for a look at the broker: with the login of a connection but neither its will nor its client id, so that the daemon
 * that uses them is not cut off and does not seem OFFLINE afterwards.
 */
function examiningClient(options: MqttOptions, stream: Duplex, protocolVersion: 4 | 5): MqttClient {
  const clientId = `${options.client}-doctor-${randomBytes(2).toString('hex')}`
  const own: IClientOptions = { ...clientOptions(options), clientId, protocolVersion }
  delete own.will
  const client = new MqttClient(() => stream, own)
  // With no listener at all an error would end the program.
  client.on('error', () => undefined)
  rejectMissingIds(client)
  return client
}

const writingPatience = 3000

/**
 * Whether messages below the root topic are let through. A broker that speaks MQTT 5 says so; from another one the message
 * has to come back, which a login that may write but not read never sees.
 */
const examineWriting = (options: MqttOptions): Observable<Finding> => {
  const allow = `let this user write ${options.rootTopic}/# in the access list of the broker`
  const attemptIn = (version: 4 | 5) =>
    carrier(options).pipe(switchMap((carry) => tryWriting(options, carry, version, allow)))
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
const tryWriting = (
  options: MqttOptions,
  carry: Carrier,
  version: 4 | 5,
  allow: string,
): Observable<Finding> =>
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
  }).pipe(timeout({ first: writingPatience, with: () => throwError(() => new Error('no answer')) }))
