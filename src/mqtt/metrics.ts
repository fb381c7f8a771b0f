import type { DeliveryCounts } from '../delivery/deliveryCounts.js'

/** What has become of the readings of a connection since it started, as it is published on `<rootTopic>/health`. */
export interface Metrics extends DeliveryCounts {
  /** Readings addressed to it. */
  offered: number
  /** Messages sent, repetitions included. */
  published: number
  /** Messages that the broker has acknowledged, of those at QoS 1 and 2. */
  acknowledged: number
  /** How often the broker was found again. */
  reconnects: number
}
