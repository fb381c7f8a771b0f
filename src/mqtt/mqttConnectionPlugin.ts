import { concat, throwError } from 'rxjs'
import type { z } from 'zod'
import { connectionPlugin } from '../config/plugin.js'
import { deliveryOf } from './deliveryOf.js'
import { embeddedBroker } from './embeddedBroker.js'
import { examineBroker } from './examineBroker.js'
import { hostsOf } from './hostsOf.js'
import { isEncrypted } from './isEncrypted.js'
import { mqttConnection } from './mqttConnection.js'
import { mqttFaults } from './mqttFaults.js'
import type { MqttOptions, TlsOptions } from './mqttOptions.js'
import { mqttSchema } from './mqttSchema.js'
import { readCaCertificate, usualCaCertificate } from './readCaCertificate.js'
import { readClientCertificate } from './readClientCertificate.js'

type Texts = z.output<typeof mqttSchema>

/** `Class = mqtt.mqtt_conn.MqttConnection` */
export const MqttConnection = connectionPlugin({
  summary: 'Publishes readings on an MQTT broker.',
  options: mqttSchema.superRefine(
    (options, context) => {
      for (const [parameter, message] of Object.entries(mqttFaults(options)))
        if (message !== undefined) context.addIssue({ code: 'custom', path: [parameter], message })
    },
    // All problems are said at once: these do not wait until the others are mended.
    { when: () => true },
  ),
  identity: ({ Client, Host, Port }) => `${Client} at ${Host.map(knownAs).sort().join()}:${Port}`,
  broker: (options, log) => {
    const { Host, Port, User, Password } = options
    const fault = unserved(options)
    return fault === undefined
      ? embeddedBroker({ host: Host[0] ?? '', port: Port, user: User, password: Password, log })
      : throwError(() => new Error(`The embedded broker ${fault}.`))
  },
  files: ({ CAcert = usualCaCertificate, Cert, Key }) =>
    [CAcert, Cert, Key].filter((path) => path !== undefined),
  examine: (options) => concat(...hostsOf(mqttOptions(options)).map(examineBroker)),
  create: (options, { log, commandSources = [], spools = {} }) =>
    mqttConnection({ ...mqttOptions(options), commandSources, spools }, log),
})

/** A broker is meant by its host in any case, and this machine goes by several names. */
const knownAs = (host: string) =>
  /^(localhost|127\.0\.0\.1|::1)$/i.test(host) ? 'localhost' : host.toLowerCase()

function mqttOptions(texts: Texts): MqttOptions {
  const [host = '', ...fallbackHosts] = texts.Host
  return {
    name: texts.Name,
    client: texts.Client,
    login: { user: texts.User, password: texts.Password },
    host,
    fallbackHosts,
    port: texts.Port,
    version: texts.Version,
    keepalive: texts.Keepalive,
    rootTopic: texts.RootTopic,
    format: texts.Format.toLowerCase() as Lowercase<Texts['Format']>,
    delivery: deliveryOf(texts) ?? {},
    spoolSize: texts.SpoolSize,
    health: texts.Health,
    ...(texts.MessageExpiry !== undefined && { messageExpiry: texts.MessageExpiry }),
    ...(texts.Transport !== 'TCP' && { webSocketPath: texts.Path ?? '/mqtt' }),
    ...(isEncrypted(texts) && { tls: tlsOptions(texts) }),
  }
}

function tlsOptions({ CAcert, Cert, Key, ServerName, TLSinsecure }: Texts): TlsOptions {
  const ca = readCaCertificate(CAcert)
  return {
    insecure: TLSinsecure,
    ...(ca && { ca }),
    ...(Cert !== undefined && Key !== undefined && { client: readClientCertificate(Cert, Key) }),
    ...(ServerName !== undefined && { serverName: ServerName }),
  }
}

/** What the embedded broker cannot do of what is asked for. */
function unserved(options: Texts): string | undefined {
  if (isEncrypted(options)) return 'does not encrypt: expected TLS = NO, got YES'
  if (options.Transport !== 'TCP') return 'speaks no WebSockets: expected Transport = tcp, got ws'
  if (options.Version === '5') return 'speaks MQTT 3.1.1 only: expected Version = 3.1.1, got 5'
  return undefined
}
