import type { MqttClient } from 'mqtt'
import { asyncScheduler, filter, fromEvent, type Observable, switchMap, throttleTime } from 'rxjs'
import type { Logger } from '../logging/logger.js'
import { messagesOn, type Message } from './messagesOn.js'

/** What comes in on the topic on which people ask for the latest readings; an old request that was retained is none. */
export const refreshRequests = (client: MqttClient, topic: string, log: Logger): Observable<Message> =>
  fromEvent(client, 'connect').pipe(
    // At QoS 1 a cluster keeps a queue for us on one of its nodes, and lets us in nowhere while that node is down.
    switchMap(() => messagesOn(client, [topic], log, 0)),
    filter(({ retained }) => !retained),
    // Whoever asks without pause is answered ten times a second; each answer is the latest of everything.
    throttleTime(100, asyncScheduler, { leading: true, trailing: true }),
  )
