import { concatWith, defer, filter, finalize, ignoreElements, merge, tap } from 'rxjs'
import { remember } from '../bounded.js'
import type { Logger } from '../logging/logger.js'
import type { Connection, Reading } from '../model.js'
import { outbox } from '../operators/outbox.js'
import { refreshable } from '../operators/refreshable.js'
import { mqttClient } from './mqttClient.js'
import type { MqttOptions } from './mqttOptions.js'
import { payload } from './payload.js'
import { topicsBelow } from './topicsBelow.js'

const stateLimit = 20_000

/**
 * Publishes readings on an MQTT broker, for as long as it takes to find it again whenever it is lost; the latest readings are
 * repeated then, and whenever a message comes in on `<rootTopic>/refresh`. `<rootTopic>/status` says ONLINE or
 * OFFLINE. Emits what comes in on `<rootTopic>/<command source>`. It completes after the readings have completed and the broker has been told.
 *
 * @example
 * readings$.pipe(mqttConnection({ name: 'home', client: 'attic', host: 'localhost', port: 1883, keepalive: 10_000, rootTopic: 'attic' }, log))
 */
export const mqttConnection =
  (options: MqttOptions, log: Logger): Connection =>
  (readings$) =>
    defer(() => {
      const client = mqttClient(options, log)
      const topicOf = topicsBelow(options.rootTopic, log)
      const states = new Map<string, Reading>()
      const publish = (reading: Reading) => {
        const topic = topicOf(reading.destination)
        if (topic !== undefined) client.publish(topic, payload(reading), reading)
      }
      // A broker that was restarted may have lost what it was to retain.
      const restated$ = client.online$.pipe(
        tap(() => states.forEach(publish)),
        ignoreElements(),
      )
      const published$ = readings$.pipe(
        filter(({ to }) => to === undefined || to.includes(options.name)),
        refreshable(client.refresh$),
        outbox(client.open$),
        tap((reading) => {
          if (reading.retain) remember(states, reading.destination, reading, stateLimit)
          publish(reading)
        }),
        ignoreElements(),
        concatWith(client.close$),
      )
      return merge(client.commands$, restated$, published$).pipe(finalize(() => client.unsubscribe()))
    })
