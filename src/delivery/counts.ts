/** Why a reading was not delivered. */
export type DropReason =
  /** It could not be sent at once, and was not to wait. */
  | 'offline'
  /** A newer one took its place, as `latest` and `last N` have it. */
  | 'superseded'
  /** More would have had to wait than fit. */
  | 'overflow'
  /** There is no topic for its destination. */
  | 'invalid'
  /** The broker does not take it. */
  | 'refused'

/** What has become of readings since the start, and how many wait or are on their way now. */
export interface DeliveryCounts {
  /** How many could not go at once. */
  kept: number
  /** How many wait now. */
  waiting: number
  /** How many are sent and not yet acknowledged. */
  inFlight: number
  /** How many were not delivered, by the reason why. */
  readonly dropped: Record<DropReason, number>
}

/** Counts that begin at nothing. */
export const deliveryCounts = (): DeliveryCounts => ({
  kept: 0,
  waiting: 0,
  inFlight: 0,
  dropped: { offline: 0, superseded: 0, overflow: 0, invalid: 0, refused: 0 },
})

/** Whether a link takes readings: it is gone, it is there but takes no more for now, or it takes them. */
export type LinkState = 'down' | 'full' | 'open'
