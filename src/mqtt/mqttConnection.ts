import type { Logger } from '../logging/logger.js'
import type { Connection } from '../model.js'
import { connectionOver } from './connectionOver.js'
import { mqttClient } from './mqttClient.js'
import type { MqttObservers } from './mqttObservers.js'
import type { MqttOptions } from './mqttOptions.js'

/**
 * Publishes readings on an MQTT broker, for as long as it takes to find it again whenever it is lost; the latest readings are
 * repeated then, and whenever a message comes in on `<rootTopic>/refresh`. What becomes of readings meanwhile is up to their
 * `delivery`, or to that of the connection. `<rootTopic>/status` says ONLINE or OFFLINE, `<rootTopic>/health` how
 * many readings were delivered. Emits what comes in on `<rootTopic>/<command source>`. It completes after the readings have completed
 * and the broker has been told.
 *
 * ![marble diagram](../../marbles/reconnect.svg)
 *
 * @example
 * const home = mqttConnection(
 *   {
 *     name: 'home',
 *     client: 'attic',
 *     host: 'localhost',
 *     port: 1883,
 *     keepalive: 10_000,
 *     rootTopic: 'home',
 *     delivery: { qos: 1, offline: { last: 10 } },
 *   },
 *   console,
 * )
 * report({ sensors: [of({ destination: 'attic/temp_c', value: 21.5 })], connections: [home] })
 */
export const mqttConnection = (options: MqttOptions, log: Logger, observers?: MqttObservers): Connection =>
  connectionOver(() => mqttClient(options, log), options, log, observers)
