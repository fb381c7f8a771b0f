/** A message as subscribers of the broker get it; QoS 0 and "not retained" are left out. */
export interface PublishedMessage {
  /** The whole topic, with the root. */
  readonly topic: string
  /** Its text. */
  readonly payload: string
  /** Quality of service; absent for 0. */
  readonly qos?: 1 | 2
  /** The broker was asked to keep it. */
  readonly retain?: true
}
