/** A message as subscribers of the broker get it; QoS 0 and "not retained" are left out. */
export interface PublishedMessage {
  readonly topic: string
  readonly payload: string
  readonly qos?: 1 | 2
  readonly retain?: true
}
