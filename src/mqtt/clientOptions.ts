import type { IClientOptions } from 'mqtt'
import type { MqttOptions } from './mqttOptions.js'
import { statusFormat } from './statusFormat.js'

/** Our options in the words of MQTT.js. Nothing may be undefined there: it would erase a default. */
export const clientOptions = (options: MqttOptions): IClientOptions => ({
  clientId: options.client,
  ...(options.login && { username: options.login.user, password: options.login.password }),
  keepalive: Math.ceil(options.keepalive / 1000),
  will: {
    topic: `${options.rootTopic}/status`,
    payload: Buffer.from('OFFLINE'),
    qos: 1,
    retain: true,
    ...(options.version === '5' && { properties: statusFormat }),
  },
  protocolVersion: options.version === '5' ? 5 : 4,
  clean: true,
  // What is to survive the end of a link is in our outbox, nothing in a session at the broker.
  ...(options.version === '5' && { properties: { sessionExpiryInterval: 0 } }),
  connectTimeout: options.connectTimeout ?? 10_000,
  // One client is one link: reconnecting is ours, so a message of the last link never holds up the next one.
  reconnectPeriod: 0,
  resubscribe: false,
  queueQoSZero: false,
  // These two save 19 MiB of ready-made numbers, and the debug texts of every packet.
  writeCache: false,
  log: () => undefined,
})
