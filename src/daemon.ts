import {
  catchError,
  concat,
  connect,
  defer,
  EMPTY,
  map,
  type Observable,
  of,
  ReplaySubject,
  Subject,
  takeUntil,
  tap,
  throwError,
} from 'rxjs'
import { remember } from './memory.js'
import {
  type Actuator,
  type Command,
  type Connection,
  type Logger,
  type Reading,
  type Sensor,
  withdrawal,
} from './model.js'
import { reconcile } from './operators/reconcile.js'
import { turns } from './operators/turns.js'
import { withdraw } from './operators/withdraw.js'

/** What makes up a reporter. */
export interface Reporter {
  /** Where readings come from; one that fails fails the reporter, unless `supervise` is on it. */
  readonly sensors: readonly Sensor[]
  /** Where readings go and commands come from. */
  readonly connections: readonly Connection[]
  /** What commands go to; their results are readings like others. @default none */
  readonly actuators?: readonly Actuator[]
  /**
   * Whether a reading is withdrawn when this reporter takes the place of one that had its source: nobody goes on with it.
   * @default none is
   */
  readonly isGone?: (reading: Reading, source: Sensor | Actuator) => boolean
  /**
   * Told once of every sensor that says what is no reading, which is left out, and once of every loop: commands of which each leads to the next at once, and the
   * last one to the first. @default console for sensors, nothing for loops
   */
  readonly log?: Logger
}

/**
 * Runs the newest reporter. What is the very same sensor, connection or actuator as in the one before runs on
 * undisturbed. Connections that are no longer there close first, because two clients with one id overlapping would
 * make the broker publish the will of the older; then what is new starts. Reporters overtaken meanwhile never start.
 * When `stop$` emits everything ends in an orderly way; when the daemon has completed, all is closed.
 *
 * ![marble diagram](../marbles/reload.svg)
 *
 * @example
 * const local = localConnection({ name: 'local', commandSources: ['attic'] }, console)
 * const reporter = (value: number) => ({ sensors: [of({ destination: 'attic', value })], connections: [local] })
 * const reporters$ = interval(60_000).pipe(map(reporter))
 * const stop$ = timer(150_000)
 * daemon(reporters$, stop$).pipe(map(({ payload }) => payload))
 * // → '0', '1'
 */
export const daemon = (reporters$: Observable<Reporter>, stop$: Observable<unknown>): Observable<Command> =>
  run(reporters$, stop$)

/** The same for one reporter, which no other follows: what its sources said need not be remembered. */
export const only = (reporter: Reporter, stop$: Observable<unknown>): Observable<Command> =>
  run(of(reporter), stop$, true)

const run = (
  reporters$: Observable<Reporter>,
  stop$: Observable<unknown>,
  isOnly = false,
): Observable<Command> =>
  defer(() => {
    let newest: Reporter | undefined
    let stopping = false
    const inTurn = turns(logLoops(() => newest?.log))
    const commands$ = new Subject<Command>()
    const sources$ = new ReplaySubject<readonly Source[]>(1)
    const stopped$ = stop$.pipe(tap(() => (stopping = true)))
    // What those who left have said and others go on with, until these have said something themselves.
    const inherited = new Map<string, { readonly reading: Reading; readonly source: Source }>()
    const disowned$ = new Subject<Reading>()

    const sources = (): Source[] => [disowned$, ...(newest?.actuators ?? []), ...(newest?.sensors ?? [])]
    const isGone = (reading: Reading, source: Source): boolean => {
      if (newest?.isGone?.(reading, source)) return true
      if (newest?.isGone) remember(inherited, reading.destination, { reading, source }, inheritedLimit)
      return false
    }
    const disown = () => {
      for (const [destination, { reading, source }] of inherited)
        if (newest?.isGone?.(reading, source)) {
          inherited.delete(destination)
          disowned$.next(withdrawal(reading))
        }
    }
    const readings$ = sources$.pipe(
      reconcile<Source, Reading>((source, leave$) =>
        (typeof source === 'function' ? source(commands$) : source).pipe(
          isOnly ? takeUntil(leave$) : withdraw({ leave$, isGone: (reading) => isGone(reading, source) }),
        ),
      ),
      inTurn(),
      takeUntil(stopped$),
    )
    let ended = false
    const failures: Error[] = []
    // A connection that fails at the end, since it never came about, must not cut off what others still deliver.
    const untilAllEnded = catchError<Command, Observable<never>>((error: unknown) => {
      if (!ended || !(error instanceof Error)) throw error
      failures.push(error)
      return EMPTY
    })
    const failed$ = defer(() => {
      const [failure] = failures
      return failure ? throwError(() => failure) : EMPTY
    })
    const connections$ = reporters$.pipe(
      map((reporter) => {
        // What leaves withdraws what it has said, while its connections are still there; what is new waits for its connections.
        const before = new Set(sources())
        newest = reporter
        disown()
        sources$.next(sources().filter((source) => before.has(source)))
        return reporter.connections
      }),
      takeUntil(stopped$),
    )
    const connected = {
      next: () => sources$.next(sources()),
      complete: () => {
        sources$.complete()
        disowned$.complete()
      },
    }
    const run$ = readings$.pipe(
      tap({ complete: () => (ended = true) }),
      connect((shared$) =>
        connections$.pipe(
          reconcile<Connection, Command>(
            (connection, leave$) =>
              stopping ? EMPTY : connection(shared$.pipe(takeUntil(leave$))).pipe(untilAllEnded),
            connected,
          ),
        ),
      ),
      inTurn(({ source }) => source),
      tap((command) => commands$.next(command)),
    )
    return concat(run$, failed$)
  })

type Source = Actuator | Sensor

const inheritedLimit = 100_000

/** Logs loops of commands, each once: what `turns` is to be told of. */
function logLoops(log: () => Logger | undefined): (names: readonly string[]) => void {
  const logged = new Map<string, true>()
  return (names) => {
    const isLoop = names[0] === names.at(-1)
    const members = isLoop ? [...new Set(names)].sort().join('\n') : ''
    if (logged.has(members)) return
    remember(logged, members, true, 1000)
    const fault = isLoop
      ? 'each of these commands leads to the next at once, without end; it is broken here'
      : 'so many commands follow from the first one at once that the rest of them is dropped'
    log()?.warn(`${names.join(' → ')}: ${fault}`)
  }
}
