import { lastValueFrom, type Observable, toArray } from 'rxjs'

/** Everything a stream says until it completes. */
export const allOf = <T>(stream$: Observable<T>): Promise<T[]> =>
  lastValueFrom(stream$.pipe(toArray()), { defaultValue: [] })
