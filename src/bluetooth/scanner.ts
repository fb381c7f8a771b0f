import type { Observable } from 'rxjs'
import type { Advertisement } from './advertisement.js'

/** An opened radio, as far as `scanning` and the ladder need it: it listens only once `start` is called. */
export interface Scanner {
  /** noble's words: `poweredOn`, `poweredOff`, `unauthorized`, `unsupported`; and `ENODEV` for an adapter that is gone. */
  readonly state$: Observable<string>
  readonly advertisements$: Observable<Advertisement>
  /** The adapter has agreed to scan. */
  readonly started$: Observable<unknown>
  /** Somebody else stopped the scan, or asked for each device to be reported only once. */
  readonly disturbed$: Observable<unknown>
  /** Sends the scan's settings anew, whatever they are now. */
  readonly start: () => void
  /** Switches the adapter off and on and unblocks it, where the system can; fails with the reason. */
  readonly powerCycle: () => Observable<never>
}
