import { combineLatest, defaultIfEmpty, map, Observable, ReplaySubject, switchMap } from 'rxjs'
import type { Spool } from '../delivery/spool.js'
import { openSpool, type SpoolOptions } from './openSpool.js'

/**
 * Opens spools, given their files by the names that deliveries use, and emits them by these names; unsubscribing closes them. One
 * that is no longer named stays open until then, for what waits in it is taken out when it is delivered.
 */
export const openSpools = (
  files$: Observable<Readonly<Record<string, string>>>,
  options: SpoolOptions,
): Observable<ReadonlyMap<string, Spool>> =>
  new Observable((subscriber) => {
    const opened = new Map<string, ReplaySubject<Spool>>()
    const open = (file: string) => {
      const spool$ = opened.get(file) ?? new ReplaySubject<Spool>(1)
      if (!opened.has(file)) subscriber.add(openSpool(file, options).subscribe(spool$))
      opened.set(file, spool$)
      return spool$
    }
    const spools$ = files$.pipe(
      switchMap((files) =>
        combineLatest(
          Object.entries(files).map(([name, file]) =>
            open(file).pipe(map((spool) => [name, spool] as const)),
          ),
        ).pipe(defaultIfEmpty([])),
      ),
      map((spools) => new Map(spools)),
    )
    subscriber.add(spools$.subscribe(subscriber))
  })
