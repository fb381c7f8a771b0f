import type { Observable } from 'rxjs'
import type { Advertisement } from './advertisement.js'
import type { RadioState } from './radioState.js'

/** What is heard, and how the radio is doing. */
export interface Radio {
  /** One scan for all subscribers; it runs while there are any. */
  readonly advertisements$: Observable<Advertisement>
  /** The state, the latest one at once. It says nothing until somebody listens, and does not switch the radio on. */
  readonly state$: Observable<RadioState>
}
