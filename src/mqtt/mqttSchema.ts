import { z } from 'zod'
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

const unwatched = (text: string) =>
  Number(text) === 0 ? '0 switches keep-alive off: a link that dies silently will not be noticed' : undefined

/** The parameters of `Class = mqtt.mqtt_conn.MqttConnection`. */
export const mqttSchema = z.object({
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
