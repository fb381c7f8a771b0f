import type { IConnackPacket } from 'mqtt'

/** What a broker takes. */
export interface ServerLimits {
  readonly qos: number
  readonly retain: boolean
  /** Bytes of a whole packet. */
  readonly packetSize: number
  /** Messages at QoS 1 and 2 that may wait for their acknowledgement. */
  readonly inFlight: number
}

/** What a broker has said in CONNACK that it takes (MQTT 5, section 3.2.2.3); with MQTT 3.1.1 there are no limits. */
export const serverLimits = (properties: IConnackPacket['properties'] = {}): ServerLimits => ({
  qos: properties.maximumQoS ?? 2,
  retain: properties.retainAvailable ?? true,
  packetSize: properties.maximumPacketSize ?? Infinity,
  // The status is a message too, and must be able to leave at any time.
  inFlight: Math.max(1, (properties.receiveMaximum ?? 65_535) - 1),
})
