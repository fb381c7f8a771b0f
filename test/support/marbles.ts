import { TestScheduler } from 'rxjs/testing'
import type { RunHelpers } from 'rxjs/testing'
import { marbleDifference } from './marbleDifference.js'
import type { Log } from './marbleDifference.js'

/**
 * Runs a marble test in virtual time; one character is `frame` ms. When it fails, its message shows the marbles
 * expected and got below each other.
 *
 * @example
 * marbles(({ cold, expectObservable }) => {
 *   const source = '  -a-a-|'
 *   const expected = '--a-a-|'
 *   expectObservable(cold(source).pipe(delay(1))).toBe(expected)
 * })
 */
export function marbles(test: (helpers: RunHelpers) => void, frame = 1): void {
  const scheduler = new TestScheduler((actual: Log[], expected: Log[]) => {
    const difference = marbleDifference(actual, expected, frame)
    if (difference === undefined) return
    const error = new Error(difference)
    // So that the stack begins in the test.
    Error.captureStackTrace(error, marbles)
    throw error
  })
  scheduler.run((helpers) => {
    // The only scale RxJS 7 has, and `run` puts it back.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    TestScheduler.frameTimeFactor = frame
    test(helpers)
  })
}
