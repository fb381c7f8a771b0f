import type { DeviceTopics } from './deviceTopics.js'
import type { PackedValue } from './packedValue.js'

/** What is known of a device for as long as it is remembered. */
export interface Device {
  readonly localName: string | undefined
  /** Its level below the destination. */
  readonly level: string
  readonly topics: DeviceTopics
  /** Nonces of its latest events, the newest first. */
  nonces: readonly number[]
  /** The latest packed value of each of its places: `room`, `remote`, `probe1`, `probe2`. */
  readonly packed: Record<string, PackedValue>
}
