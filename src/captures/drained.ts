import type { Writable } from 'node:stream'
import { defer, fromEvent, merge, of, take } from 'rxjs'
import type { Observable } from 'rxjs'

/** Emits once, when a stream can take more: at once, or when its reader has caught up. Also when it is closed. */
export const drained = (stream: Writable): Observable<unknown> =>
  defer(() =>
    stream.writableNeedDrain
      ? merge(fromEvent(stream, 'drain'), fromEvent(stream, 'close')).pipe(take(1))
      : of(undefined),
  )
