import { setTimeout as pause } from 'node:timers/promises'
import { switchMap, take } from 'rxjs'
import type { Observable } from 'rxjs'

/** Every part bounds its own stop well below this; should one fail to, the process ends all the same. */
const patience = 4500

/** Ends the process some seconds after `stop$`, unless it has ended by then as it should. */
export function lastResort(stop$: Observable<unknown>): void {
  // Without a reference the wait itself does not keep the process alive.
  const exit$ = stop$.pipe(
    take(1),
    switchMap(() => pause(patience, undefined, { ref: false })),
  )
  exit$.subscribe({ next: () => process.exit(), error: () => process.exit() })
}
