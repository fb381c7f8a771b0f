import type { MqttOptions } from './mqttOptions.js'

/** The same connection to each of its hosts, in the order in which they are tried. */
export const hostsOf = ({ fallbackHosts = [], ...options }: MqttOptions): MqttOptions[] =>
  [options.host, ...fallbackHosts].map((host) => ({ ...options, host }))
