import { type RunHelpers, TestScheduler } from 'rxjs/testing'
import { type Drawing, type Log, marbleDifference } from './marbleDifference.js'

/**
 * Runs a marble test in virtual time; one character is `frame` ms. Works under every test runner: when what comes out is
 * not what was expected it throws an Error whose message shows both as marbles below each other, in the letters of the test,
 * points at the first difference and puts it in words. Where a stream failed, the Error's `cause` says of what.
 *
 * @example
 * marbles(({ cold, expectObservable }) => {
 *   const source = '  -a-a-|'
 *   const expected = '---a-(a|)'
 *   expectObservable(cold(source).pipe(delay(2))).toBe(expected)
 * })
 */
export function marbles(body: (helpers: RunHelpers) => void, frame = 1): void {
  drawnMarbles(body, { frame }, marbles)
}

/** As `marbles`, of what is drawn elsewhere; the stack of its errors begins where `caller` was called. */
export function drawnMarbles(
  body: (helpers: RunHelpers) => void,
  drawing: Drawing,
  caller: (...args: never) => unknown,
): void {
  const expectations: Expectation[] = []
  const sources: Names = []
  const scheduler = new TestScheduler((actual: Log[], expected: Log[]) => {
    // They are compared in the order in which they were made, once they say what they expect.
    const at = expectations.findIndex(({ isReady }) => isReady)
    const [{ letters = [], names = [] } = {}] = expectations.splice(at, 1)
    const said = { ...drawing, letters, names: [...names, ...sources] }
    const difference = marbleDifference(actual, expected, said)
    if (difference === undefined) return
    const failures = actual.flatMap((log) =>
      'notification' in log && log.notification.kind === 'E'
        ? [{ cause: log.notification.error as unknown }]
        : [],
    )
    const error = new Error(difference, failures[0])
    // So that the stack begins in the test.
    Error.captureStackTrace(error, caller)
    throw error
  })
  scheduler.run((helpers) => {
    // The only scale RxJS 7 has, and `run` puts it back.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    TestScheduler.frameTimeFactor = drawing.frame
    const run: (helpers: RunHelpers) => unknown = body
    if (run(noting(helpers, expectations, sources)) instanceof Promise)
      throw new TypeError(
        'expected a body that expects everything at once, got an async function: what it expects later is never looked at',
      )
  })
}

type Names = (readonly [letter: string, value: unknown])[]

/** The letters with which a test says what it expects; not ready before it has said it. */
interface Expectation {
  isReady: boolean
  letters?: readonly string[]
  names?: Names
}

/** Helpers that note down the letters of a test and what they stand for: those expected, and those of its sources. */
function noting(helpers: RunHelpers, expectations: Expectation[], sources: Names): RunHelpers {
  const expecting = () => {
    const expectation: Expectation = { isReady: false }
    expectations.push(expectation)
    return expectation
  }
  const drawing =
    <Make extends RunHelpers['hot'] | RunHelpers['cold']>(make: Make) =>
    (...[marbles, values, error]: Parameters<Make>) => {
      sources.push(...namesIn(values))
      return make(marbles, values, error)
    }
  return {
    ...helpers,
    hot: drawing(helpers.hot) as RunHelpers['hot'],
    cold: drawing(helpers.cold) as RunHelpers['cold'],
    expectObservable: (observable, subscription) => {
      const expectation = expecting()
      const expected = helpers.expectObservable(observable, subscription)
      return {
        toBe: (marbles, values: unknown, error) => {
          expected.toBe(marbles, values, error)
          Object.assign(expectation, { isReady: true, letters: lettersIn(marbles), names: namesIn(values) })
        },
        toEqual: (other) => {
          expected.toEqual(other)
          expectation.isReady = true
        },
      }
    },
    expectSubscriptions: (logs) => {
      const expectation = expecting()
      const { toBe } = helpers.expectSubscriptions(logs)
      return {
        toBe: (marbles) => {
          toBe(marbles)
          expectation.isReady = true
        },
      }
    },
  }
}

const namesIn = (values: unknown): Names => (typeof values === 'object' ? Object.entries(values ?? {}) : [])

const lettersIn = (marbles: string): string[] =>
  TestScheduler.parseMarbles(marbles, undefined, undefined, false, true).flatMap(({ notification }) =>
    notification.kind === 'N' ? [notification.value as string] : [],
  )
