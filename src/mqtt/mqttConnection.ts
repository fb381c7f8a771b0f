import { concatWith, defer, filter, finalize, ignoreElements, merge, tap, throwError } from 'rxjs'
import { z } from 'zod'
import { remember } from '../bounded.js'
import { boolean } from '../config/fields/boolean.js'
import { host } from '../config/fields/host.js'
import { integer } from '../config/fields/integer.js'
import { mqttString } from '../config/fields/mqttString.js'
import { name } from '../config/fields/name.js'
import { path } from '../config/fields/path.js'
import { rootTopic } from '../config/fields/rootTopic.js'
import { secret } from '../config/fields/secret.js'
import { seconds } from '../config/fields/seconds.js'
import { text } from '../config/fields/text.js'
import { connectionPlugin } from '../config/plugin.js'
import type { Logger } from '../logging/logger.js'
import type { Connection, Reading } from '../model.js'
import { outbox } from '../operators/outbox.js'
import { refreshable } from '../operators/refreshable.js'
import { embeddedBroker } from './embeddedBroker.js'
import { examineBroker } from './examineBroker.js'
import { mqttClient } from './mqttClient.js'
import type { MqttOptions } from './mqttOptions.js'
import { payload } from './payload.js'
import { readCaCertificate } from './readCaCertificate.js'
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

const unwatched = (text: string) =>
  Number(text) === 0 ? '0 switches keep-alive off: a link that dies silently will not be noticed' : undefined

const schema = z.object({
  // What is wrong with a Name is said for all kinds of connections in one place; here it is only passed on.
  Name: name.catch('').describe('what the Connection lists of sensors call it, unique in the file'),
  Client: text.describe('MQTT client id, unique to the broker'),
  User: mqttString.describe('login name; may be empty'),
  Password: secret.describe('password; may be empty, and need not stand here: ${env:NAME}, ${file:PATH}'),
  Host: host.describe('host name or IP address of the broker'),
  Port: integer(1, 65535).describe('port of the broker, usually 1883, and 8883 with TLS'),
  Keepalive: seconds(0, 65535)
    .describe('seconds after which a silent link is tested; 0 never tests it')
    .meta({ warn: unwatched }),
  RootTopic: rootTopic.describe('readings are published on RootTopic/Destination'),
  TLS: boolean.default(false).describe('whether to encrypt the connection'),
  CAcert: path
    .optional()
    .describe(
      'file with the certificate of the CA that signed the broker’s; without it ./certs/ca.crt if there is one, else the CAs that the system trusts',
    ),
  TLSinsecure: boolean
    .default(false)
    .describe('do not verify the host name in the certificate; that the CA signed it is still verified'),
})

/** `Class = mqtt.mqtt_conn.MqttConnection` */
export const MqttConnection = connectionPlugin({
  summary: 'Publishes readings on an MQTT broker.',
  options: schema.superRefine(
    ({ TLS, CAcert }, context) => {
      try {
        if (TLS) readCaCertificate(CAcert)
      } catch (error) {
        context.addIssue({ code: 'custom', path: ['CAcert'], message: (error as Error).message })
      }
    },
    // All problems are said at once: this one does not wait until the others are mended.
    { when: () => true },
  ),
  // A broker is meant by its host in any case, and this machine goes by several names.
  identity: ({ Client, Host, Port }) =>
    `${Client} at ${/^(localhost|127\.0\.0\.1|::1)$/i.test(Host) ? 'localhost' : Host.toLowerCase()}:${Port}`,
  broker: ({ Host, Port, User, Password, TLS }, log) =>
    TLS
      ? throwError(() => new Error('The embedded broker does not encrypt: expected TLS = NO, got YES.'))
      : embeddedBroker({ host: Host, port: Port, user: User, password: Password, log }),
  examine: (options) => examineBroker(mqttOptions(options)),
  create: (options, { log, commandSources = [] }) =>
    mqttConnection({ ...mqttOptions(options), commandSources }, log),
})

function mqttOptions({ TLS, CAcert, TLSinsecure, ...texts }: z.output<typeof schema>): MqttOptions {
  const ca = TLS ? readCaCertificate(CAcert) : undefined
  return {
    name: texts.Name,
    client: texts.Client,
    login: { user: texts.User, password: texts.Password },
    host: texts.Host,
    port: texts.Port,
    keepalive: texts.Keepalive,
    rootTopic: texts.RootTopic,
    ...(TLS && { tls: { insecure: TLSinsecure, ...(ca && { ca }) } }),
  }
}
