import { type RunHelpers, TestScheduler } from 'rxjs/testing'
import { type Log, marbleDifference } from './marbleDifference.js'

/**
 * Runs a marble test in virtual time; one character is `frame` ms. Works under every test runner: when what comes out is
 * not what was expected it throws an Error whose message shows both as marbles below each other, points at the first
 * difference and puts it in words.
 *
 * @example
 * marbles(({ cold, expectObservable }) => {
 *   const source = '  -a-a-|'
 *   const expected = '---a-(a|)'
 *   expectObservable(cold(source).pipe(delay(2))).toBe(expected)
 * })
 */
export function marbles(body: (helpers: RunHelpers) => void, frame = 1): void {
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
    const run: (helpers: RunHelpers) => unknown = body
    if (run(helpers) instanceof Promise)
      throw new TypeError(
        'expected a body that expects everything at once, got an async function: what it expects later is never looked at',
      )
  })
}
