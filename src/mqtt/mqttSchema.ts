import * as z from 'zod'
import { boolean } from '../config/fields/boolean.js'
import { choice } from '../config/fields/choice.js'
import { hosts } from '../config/fields/hosts.js'
import { integer } from '../config/fields/integer.js'
import { mqttString } from '../config/fields/mqttString.js'
import { name } from '../config/fields/name.js'
import { path } from '../config/fields/path.js'
import { rootTopic } from '../config/fields/rootTopic.js'
import { secret } from '../config/fields/secret.js'
import { seconds } from '../config/fields/seconds.js'
import { text } from '../config/fields/text.js'
import { urlPath } from '../config/fields/urlPath.js'
import { deliverySchema } from './deliverySchema.js'
import { expiringFile } from './expiringFile.js'
import { mqttVersion } from './mqttVersion.js'
import { serverName } from './serverName.js'

const unwatched = (text: string) =>
  Number(text) === 0 ? '0 switches keep-alive off: a link that dies silently will not be noticed' : undefined

/** The parameters of `Class = mqtt.mqtt_conn.MqttConnection`. */
export const mqttSchema = z.object({
  // What is wrong with a Name is said for all kinds of connections in one place; here it is only passed on.
  Name: name.catch('').describe('what the Connection lists of sensors call it, unique in the file'),
  Client: text.describe('MQTT client id, unique to the broker'),
  User: mqttString.describe('login name; may be empty'),
  Password: secret.describe('password; may be empty, and need not stand here: ${env:NAME}, ${file:PATH}'),
  Host: hosts.describe(
    'host name or IP address of the broker; with commas between them several, tried in turn, each reconnect from the first',
  ),
  Port: integer(1, 65535).describe('port of the broker, usually 1883, and 8883 with TLS'),
  Keepalive: seconds(0, 65535)
    .describe('seconds after which a silent link is tested; 0 never tests it')
    .meta({ warn: unwatched }),
  RootTopic: rootTopic.describe('readings are published on RootTopic/Destination'),
  Format: choice('PLAIN', 'JSON', 'BOTH')
    .prefault('plain')
    .describe(
      'plain: each value on a topic of its own; json: one JSON object on the topic of its device; or both',
    ),
  Version: mqttVersion
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
    .optional()
    .describe(
      'file with the certificate of the CA that signed the broker’s; without it ./certs/ca.crt if there is one, else the CAs that the system trusts',
    ),
  ServerName: serverName
    .optional()
    .describe('name that the certificate of the broker is for, where that is not Host'),
  Cert: path
    .meta({ warn: expiringFile })
    .optional()
    .describe('file with our own certificate, for a broker that asks for one; needs Key'),
  Key: path
    .optional()
    .describe('file with the private key of Cert, not encrypted and readable by this user only'),
  TLSinsecure: boolean
    .default(false)
    .describe('do not verify the host name in the certificate; that the CA signed it is still verified'),
  ...deliverySchema.shape,
  SpoolSize: integer(65_536)
    .prefault('10485760')
    .describe('bytes that a Spool may have; beyond that the oldest readings fall out'),
  Health: seconds(0)
    .prefault('60')
    .describe('seconds between reports on RootTopic/health, how many readings were delivered; 0 for none'),
})
