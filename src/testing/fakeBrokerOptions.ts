import type { Observable } from 'rxjs'
import type { Logger } from '../logging/logger.js'
import type { Command, Delivery } from '../model.js'

/** What a fake broker may be told. */
export interface FakeBrokerOptions {
  /** Name of its connection, for readings that are addressed. @default 'fake' */
  readonly name?: string
  /** What its topics begin with. @default 'test' */
  readonly rootTopic?: string
  /** Whether it can be reached, as a marble line of `true` and `false`. @default always */
  readonly up$?: Observable<boolean>
  /** What others publish below the root topic: a command for an actuator; with the source `refresh`, a wish for the latest readings. */
  readonly commands$?: Observable<Pick<Command, 'source' | 'payload'>>
  /** How readings are delivered that do not say so themselves. @default QoS 0, the latest is kept while the broker is down */
  readonly delivery?: Delivery
  /** Told of readings that cannot be published. @default console */
  readonly log?: Logger
}
