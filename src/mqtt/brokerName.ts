import type { MqttOptions } from './mqttOptions.js'

/** The broker as messages name it: `localhost:1883`, `[::1]:1883`. */
export const brokerName = ({ host, port }: Pick<MqttOptions, 'host' | 'port'>): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
