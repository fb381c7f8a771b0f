import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { defer, map, type Observable, of } from 'rxjs'
import type { MqttOptions } from './mqttOptions.js'

/** What carries MQTT over a socket. */
export type Carrier = (options: MqttOptions, socket: Socket) => Duplex

const bare: Carrier = (_options, socket) => socket

/** The socket itself, or WebSockets; these are loaded on demand, since most daemons do without. */
export const carrier = ({ webSocketPath }: MqttOptions): Observable<Carrier> =>
  webSocketPath === undefined
    ? of(bare)
    : defer(() => import('./webSocketStream.js')).pipe(map(({ webSocketStream }) => webSocketStream))
