import { isIP } from 'node:net'
import { hostname } from 'node:os'
import { concat, defer, map, of, throwError } from 'rxjs'
import * as z from 'zod'
import {
  boolean,
  choice,
  field,
  type FieldIssue,
  host,
  hosts,
  mqttString,
  name,
  path,
  seconds,
  secret,
  text,
  urlPath,
} from '../fields/fields.js'
import { rootTopic } from '../fields/topicFields.js'
import { doubtfulCertificate, doubtfulKey, fault, pairFaults, textIn } from '../plugin/certificates.js'
import { deliveryOf, deliverySchema } from '../plugin/deliveryFields.js'
import { connectionPlugin, type FileContents, type Wiring } from '../plugin/plugin.js'
import { embeddedBroker } from './embeddedBroker.js'
import { examineBroker } from './examineBroker.js'
import { documentsOnly } from './homeAssistant.js'
import { deviceId, documentTopic } from './homeAssistantDocuments.js'
import { brokerConnection } from './mqttConnection.js'
import { type BrokerOptions, hostsOf, port, spoolSize, type TlsOptions } from './options.js'
import { readCaCertificate, usualCaCertificate } from './tls.js'

/** The parameters of `Class = mqtt.mqtt_conn.MqttConnection`. */
const mqttSchema = z.object({
  // What is wrong with a Name is said for all kinds of connections in one place; here it is only passed on.
  Name: name
    .catch('')
    .describe('what the Connection lists of sensors call it, unique in the file, such as MQTT'),
  Client: text
    .describe('MQTT client id, unique to the broker: a name of your own for this machine')
    .meta({ example: hostname }),
  User: mqttString.describe('login name; may be empty'),
  Password: secret.describe('password; may be empty, and need not stand here: ${env:NAME}, ${file:PATH}'),
  Host: hosts.describe(
    'host name or IP address of the broker, localhost if it is on this machine; with commas between them several, tried in turn, each reconnect from the first',
  ),
  Port: port.describe('port of the broker, usually 1883, 8883 with TLS'),
  Keepalive: seconds(0, 65535)
    .describe('seconds after which a silent link is tested, usually 60; 0 never tests it')
    .meta({ warn: unwatched }),
  RootTopic: rootTopic.describe('readings are published on RootTopic/Destination, usually sensor_reporter'),
  Format: choice('PLAIN', 'JSON', 'BOTH')
    .prefault('plain')
    .describe(
      'plain: each value on a topic of its own; json: one JSON object on the topic of its device; or both',
    ),
  Version: field('3.1.1 or 5', versionOf, tooOld)
    .prefault('3.1.1')
    .describe('of MQTT, 3.1.1 or 5; with 5 the broker says why it refuses something'),
  MessageExpiry: seconds(1)
    .optional()
    .describe(
      'seconds after which the broker forgets a retained reading; without it never; needs Version = 5',
    ),
  Transport: choice('TCP', 'WS', 'WSS')
    .prefault('tcp')
    .describe('tcp, or ws for WebSockets, or wss for WebSockets with TLS'),
  Path: urlPath
    .optional()
    .describe('path of the broker’s WebSockets, with Transport = ws or wss; without it /mqtt'),
  TLS: boolean
    .optional()
    .describe('whether to encrypt the connection; without it NO, with Transport = wss YES'),
  CAcert: path
    .meta({ warn: doubtfulCertificate })
    .optional()
    .describe(
      'file with the certificate of the CA that signed the broker’s; without it ./certs/ca.crt if there is one, else the CAs that the system trusts',
    ),
  // TLS knows no addresses here (RFC 6066, section 3).
  ServerName: field('a host name, not an IP address', (text) =>
    isIP(text) === 0 ? host.safeParse(text).data : undefined,
  )
    .optional()
    .describe('name that the certificate of the broker is for, where that is not Host'),
  Cert: path
    .meta({ warn: doubtfulCertificate })
    .optional()
    .describe('file with our own certificate, for a broker that asks for one; needs Key'),
  Key: path
    .meta({ secret: false, warn: doubtfulKey })
    .optional()
    .describe('file with the private key of Cert, not encrypted and readable by this user only'),
  TLSinsecure: boolean
    .default(false)
    .describe('do not verify the host name in the certificate; that the CA signed it is still verified'),
  ...deliverySchema.shape,
  SpoolSize: spoolSize
    .prefault('10485760')
    .describe('bytes that a Spool may have; beyond that the oldest readings fall out'),
  Health: seconds(0)
    .prefault('60')
    .describe('seconds between reports on RootTopic/health, how many readings were delivered; 0 for none'),
  HomeAssistant: boolean
    .optional()
    .describe(
      'whether Home Assistant, and openHAB 5.2 or later, find everything by themselves; NO also takes away what they found before',
    ),
  DiscoveryPrefix: rootTopic
    .prefault('homeassistant')
    .describe('what the topics begin with on which Home Assistant is told of devices'),
  BirthTopic: rootTopic
    .prefault('homeassistant/status')
    .describe('where Home Assistant says that it has started'),
})

/** How people write the versions; 4 is what the protocol itself calls 3.1.1. */
function versionOf(text: string): '3.1.1' | '5' | undefined {
  if (text === '3.1.1' || text === '4') return '3.1.1'
  return text === '5' || text === '5.0' ? '5' : undefined
}

function tooOld(text: string): string | undefined {
  return /^3(\.1)?$/.test(text) ? 'MQTT 3.1 is not spoken here; all brokers of today speak 3.1.1' : undefined
}

function unwatched(text: string): string | undefined {
  return Number(text) === 0
    ? '0 switches keep-alive off: a link that dies silently will not be noticed'
    : undefined
}

type Texts = z.output<typeof mqttSchema>

/** `Class = mqtt.mqtt_conn.MqttConnection` */
export const MqttConnection = connectionPlugin({
  summary: 'Publishes readings on an MQTT broker.',
  options: mqttSchema.superRefine(
    (options, context) => {
      const add = (faults: Faults, params?: FieldIssue) => {
        for (const [parameter, message] of Object.entries(faults))
          if (message !== undefined)
            context.addIssue({ code: 'custom', path: [parameter], message, params: { ...params } })
      }
      add(contradictions(options))
      // Where there are no files there is nothing to wait for.
      return isEncrypted(options)
        ? fileFaults(options).then((faults) => add(faults, { cause: 'machine' }))
        : undefined
    },
    // All problems are said at once: these do not wait until the others are mended.
    { when: () => true },
  ),
  adapts: true,
  identity: ({ Client, ...options }) => `${Client} at ${brokerOf(options)}`,
  announces: ({ HomeAssistant, DiscoveryPrefix, RootTopic, ...options }, identity) =>
    HomeAssistant
      ? `${documentTopic(DiscoveryPrefix, deviceId(RootTopic, { identity }))} at ${brokerOf(options)}`
      : undefined,
  broker: (options, log) => {
    const { Host, Port, User, Password } = options
    const fault = unserved(options)
    if (fault !== undefined) return throwError(() => new Error(`The embedded broker ${fault}.`))
    return defer(() => {
      if (options.HomeAssistant) log.warn(tooOldForHomeAssistant)
      return embeddedBroker({ host: Host[0] ?? '', port: Port, user: User, password: Password, log })
    })
  },
  files: (options) => {
    const { CAcert = usualCaCertificate, Cert, Key } = options
    return isEncrypted(options) ? [CAcert, Cert, Key].filter((path) => path !== undefined) : []
  },
  examine: (options, files) => concat(...hostsOf(mqttOptions(options, files)).map(examineBroker)),
  create: (options, { log, tell, linked, tallied, announce, wiring$ = of(unwired), files = {} }) => {
    const commandSources = wiring$.pipe(map((wiring) => wiring.commandSources))
    const spools = wiring$.pipe(map((wiring) => wiring.spools))
    const expected = wiring$.pipe(map((wiring) => wiring.expected))
    const all = { ...mqttOptions(options, files), commandSources, spools, expected, closeTimeout: patience }
    if (announce) return documentsOnly(all, log, announce)
    return brokerConnection(all, log, {
      ...(tell && { tell }),
      ...(linked && { linked }),
      ...(tallied && { tallied }),
    })
  },
})

const unwired: Wiring = {
  commandSources: [],
  spools: {},
  expected: { topics: [], identities: [], strangers: true },
}

/** Ms that the last readings get at a stop or a reload, which nobody likes to wait for. */
const patience = 1000

const brokerOf = ({ Host, Port }: Pick<Texts, 'Host' | 'Port'>) =>
  `${Host.map(knownAs).sort().join()}:${Port}`

/** A broker is meant by its host in any case, and this machine goes by several names. */
const knownAs = (host: string) =>
  /^(localhost|127\.0\.0\.1|::1)$/i.test(host) ? 'localhost' : host.toLowerCase()

function mqttOptions(texts: Texts, files: FileContents): BrokerOptions {
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
    ...(texts.HomeAssistant && {
      homeAssistant: { prefix: texts.DiscoveryPrefix, birthTopic: texts.BirthTopic },
    }),
    ...(texts.HomeAssistant === false && { formerPrefix: texts.DiscoveryPrefix }),
    ...(texts.MessageExpiry !== undefined && { messageExpiry: texts.MessageExpiry }),
    ...(texts.Transport !== 'TCP' && { webSocketPath: texts.Path ?? '/mqtt' }),
    ...(isEncrypted(texts) && { tls: tlsOptions(texts, files) }),
  }
}

function tlsOptions({ CAcert, Cert, Key, ServerName, TLSinsecure }: Texts, files: FileContents): TlsOptions {
  const ca = CAcert ?? (files[usualCaCertificate] && usualCaCertificate)
  return {
    insecure: TLSinsecure,
    ...(ca !== undefined && { ca: { path: ca, pem: textIn(files, ca) } }),
    ...(Cert !== undefined &&
      Key !== undefined && { client: { path: Cert, cert: textIn(files, Cert), key: textIn(files, Key) } }),
    ...(ServerName !== undefined && { serverName: ServerName }),
  }
}

const tooOldForHomeAssistant =
  'the embedded broker speaks MQTT 3.1.1 only, and Home Assistant needs MQTT 5 from 2027.1 on: with HomeAssistant = YES ' +
  'use a broker that speaks it, such as mosquitto, and leave out --broker'

/** What the embedded broker cannot do of what is asked for. */
function unserved(options: Texts): string | undefined {
  if (isEncrypted(options)) return 'does not encrypt: expected TLS = NO, got YES'
  if (options.Transport !== 'TCP') return 'speaks no WebSockets: expected Transport = tcp, got ws'
  if (options.Version === '5') return 'speaks MQTT 3.1.1 only: expected Version = 3.1.1, got 5'
  return undefined
}

/** Those that are wrong already, or missing, are absent. */
type Some = Partial<Texts>

/** Whether the parameters ask for TLS. */
const isEncrypted = ({ TLS, Transport }: Some) => TLS ?? Transport === 'WSS'

/** What is wrong, by parameter. */
type Faults = Readonly<Record<string, string | undefined>>

/** What is wrong with parameters that others contradict. */
const contradictions = (options: Some): Faults => {
  const { MessageExpiry, Version, TLS, Transport, Path, Cert, Key } = options
  return {
    ...(isEncrypted(options) && {
      Cert:
        Cert === undefined && Key !== undefined
          ? 'missing, it is required: Key is the key of a certificate'
          : undefined,
      Key:
        Key === undefined && Cert !== undefined
          ? 'missing, it is required: Cert needs its private key'
          : undefined,
    }),
    MessageExpiry:
      MessageExpiry !== undefined && Version === '3.1.1'
        ? 'expected Version = 5 beside it, got 3.1.1: only with MQTT 5 messages expire'
        : undefined,
    Path:
      Path !== undefined && Transport === 'TCP'
        ? 'expected Transport = ws or wss beside it, got tcp: only WebSockets have a path'
        : undefined,
    TLS:
      (TLS === true && Transport === 'WS') || (TLS === false && Transport === 'WSS')
        ? `it contradicts Transport = ${Transport.toLowerCase()}, since wss encrypts and ws does not: leave out TLS, or choose the other Transport`
        : undefined,
  }
}

/** What is wrong with the files that parameters name. */
const fileFaults = async ({ CAcert, ...pair }: Some): Promise<Faults> => ({
  CAcert: await fault(readCaCertificate(CAcert)),
  ...(await pairFaults(pair)),
})
