import { firstValueFrom, isObservable, type Observable, take, takeUntil, timeout, timer, toArray } from 'rxjs'
import { TestScheduler } from 'rxjs/testing'
import { expect } from 'vitest'
import type { Reading } from '../../src/model.js'
import { withoutAbout } from '../support/undescribed.js'

const hour = 3_600_000

/**
 * Expects of a value that it is the one shown; of an Observable that it emits those shown, and completes unless there is more.
 * An hour takes no time, except for who waits for the world outside: that is given ten real seconds.
 */
export const says =
  (time: 'virtual' | 'real') =>
  async (actual: unknown, shown: readonly unknown[], more: boolean): Promise<void> => {
    if (!isObservable(actual)) {
      expect([await actual]).toEqual(shown)
      return
    }
    const values$ = (more ? actual.pipe(take(shown.length)) : actual).pipe(toArray())
    const values =
      time === 'virtual'
        ? inVirtualTime(values$)
        : await firstValueFrom(values$.pipe(timeout(10_000)), { defaultValue: [] })
    expect(values?.map((value, place) => asShown(value, shown[place]))).toEqual(shown)
  }

/** What describes a reading is said only where it is shown. */
function asShown(value: unknown, shown: unknown): unknown {
  if (!isReading(value) || (isReading(shown) && 'about' in shown)) return value
  return withoutAbout(value)
}

const isReading = (value: unknown): value is Reading =>
  typeof value === 'object' && value !== null && 'destination' in value

function inVirtualTime(values$: Observable<unknown[]>): unknown[] | undefined {
  let values: unknown[] | undefined
  new TestScheduler(() => undefined).run(({ flush }) => {
    values$.pipe(takeUntil(timer(hour))).subscribe({
      next: (all) => (values = all),
      error: (error: unknown) => (values = [error]),
    })
    flush()
  })
  return values
}
