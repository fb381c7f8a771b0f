import { randomBytes } from 'node:crypto'
import type { Duplex } from 'node:stream'
import { MqttClient, type IClientOptions } from 'mqtt'
import { clientOptions } from './clientOptions.js'
import type { MqttOptions } from './mqttOptions.js'
import { rejectMissingIds } from './rejectMissingIds.js'

/**
 * A client for a look at the broker: with the login of a connection but neither its will nor its client id, so that the daemon
 * that uses them is not cut off and does not seem OFFLINE afterwards.
 */
export function examiningClient(options: MqttOptions, stream: Duplex, protocolVersion: 4 | 5): MqttClient {
  const clientId = `${options.client}-doctor-${randomBytes(2).toString('hex')}`
  const own: IClientOptions = { ...clientOptions(options), clientId, protocolVersion }
  delete own.will
  const client = new MqttClient(() => stream, own)
  // With no listener at all an error would end the program.
  client.on('error', () => undefined)
  rejectMissingIds(client)
  return client
}
