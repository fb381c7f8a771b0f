import { tap } from 'rxjs'
import type { Observable } from 'rxjs'

/** Subscribes, and returns what is said in a list that goes on growing. */
export function collect<T>(source$: Observable<T>): readonly T[] {
  const said: T[] = []
  source$.pipe(tap((value) => said.push(value))).subscribe()
  return said
}
