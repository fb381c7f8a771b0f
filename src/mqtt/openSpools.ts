import { combineLatest, map, of } from 'rxjs'
import type { Observable } from 'rxjs'
import { openSpool, type SpoolOptions } from '../spool/openSpool.js'
import type { Spool } from '../spool/spool.js'

/** Opens spools, given their files by the names that deliveries use, and emits them by these names; unsubscribing closes them. */
export function openSpools(
  files: Readonly<Record<string, string>>,
  options: SpoolOptions,
): Observable<ReadonlyMap<string, Spool>> {
  const opened = Object.entries(files).map(([name, file]) =>
    openSpool(file, options).pipe(map((spool) => [name, spool] as const)),
  )
  return opened.length > 0 ? combineLatest(opened).pipe(map((spools) => new Map(spools))) : of(new Map())
}
