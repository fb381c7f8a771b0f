import type { MqttClient } from 'mqtt'
import {
  EMPTY,
  NEVER,
  type Observable,
  concat,
  defer,
  delay,
  finalize,
  fromEvent,
  ignoreElements,
  merge,
  takeUntil,
  tap,
  timer,
} from 'rxjs'
import { announce } from './announce.js'

/** What a broker that hangs may cost a stop, ms. */
const patience = 500

/**
 * Says OFFLINE, waits for the acknowledgement, disconnects and completes when the socket is closed: at once when there
 * is no link, after half a second in any case. Nothing stays open. Never emits.
 */
export const signOff = (client: MqttClient, statusTopic: string): Observable<never> =>
  defer(() => {
    if (!client.connected || client.stream.destroyed) return EMPTY
    // DISCONNECT is the last word; a broker that then keeps its end open is not waited for.
    const closed$ = merge(fromEvent(client, 'close'), fromEvent(client.stream, 'finish').pipe(delay(100)))
    const goodbye$ = announce(client, statusTopic, 'OFFLINE').pipe(tap(() => client.end()))
    return concat(goodbye$, NEVER).pipe(takeUntil(merge(closed$, timer(patience))))
  }).pipe(
    ignoreElements(),
    // MQTT.js leaves the socket open where it waits in vain, even when it is then told to end by force.
    finalize(() => client.stream.destroy()),
  )
