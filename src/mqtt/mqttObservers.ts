import type { Observer } from 'rxjs'
import type { Metrics } from './metrics.js'

/** Who else is told of a connection's metrics, every `health` ms. */
export interface MqttObservers {
  /** Its `next` is given a copy of them. */
  readonly metrics?: Partial<Observer<Metrics>>
}
