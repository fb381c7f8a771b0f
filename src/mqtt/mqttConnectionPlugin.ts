import { throwError } from 'rxjs'
import type { z } from 'zod'
import { connectionPlugin } from '../config/plugin.js'
import { embeddedBroker } from './embeddedBroker.js'
import { examineBroker } from './examineBroker.js'
import { mqttConnection } from './mqttConnection.js'
import type { MqttOptions } from './mqttOptions.js'
import { mqttSchema } from './mqttSchema.js'
import { readCaCertificate } from './readCaCertificate.js'

/** `Class = mqtt.mqtt_conn.MqttConnection` */
export const MqttConnection = connectionPlugin({
  summary: 'Publishes readings on an MQTT broker.',
  options: mqttSchema.superRefine(
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

function mqttOptions({ TLS, CAcert, TLSinsecure, ...texts }: z.output<typeof mqttSchema>): MqttOptions {
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
