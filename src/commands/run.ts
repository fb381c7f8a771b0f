import {
  asapScheduler,
  asyncScheduler,
  catchError,
  concatMap,
  connect,
  EMPTY,
  filter,
  from,
  fromEvent,
  identity,
  interval,
  lastValueFrom,
  map,
  merge,
  type Observable,
  observeOn,
  of,
  startWith,
  Subject,
  switchMap,
  take,
  takeUntil,
  tap,
  throttleTime,
} from 'rxjs'
import { type Loaded, loadFile } from '../config/load.js'
import { radioName } from '../config/whatGoesOn.js'
import { daemon, type Reporter } from '../daemon.js'
import { formatProblem, thrownText } from '../fields/problems.js'
import { libc } from '../gpio/kernel/libc.js'
import { typedGpio } from '../gpio/simulatedGpio.js'
import { textOf } from '../kernelFiles.js'
import { openLogging } from '../logging/openLogging.js'
import type { Logger } from '../model.js'
import { served } from '../mqtt/embeddedBroker.js'
import { pageBeside, usualPagePort, type WebOption } from './page.js'
import { radio, type RadioOptions } from './radio.js'
import { serviceManager } from './serviceManager.js'
import { stopSignal } from './signals.js'

export interface RunOptions extends RadioOptions {
  /** Start an embedded broker where the first connection of the configuration expects one. */
  readonly broker?: boolean | undefined
  /** A simulated GPIO chip in place of the machine's: inputs are typed on standard input, outputs are logged. */
  readonly simulate?: boolean | undefined
  /** A page beside the connections of the configuration, on this port. */
  readonly web?: WebOption | undefined
}

/**
 * The daemon: runs a configuration until SIGTERM or SIGINT, reads it again on SIGHUP. Resolves to the exit code:
 * 0 stopped, 1 the text of the configuration cannot be used, 3 gave up, or what it names cannot be had now.
 */
export async function run(file: string, options: RunOptions): Promise<number> {
  const logging = openLogging({ level: 'INFO', syslog: false, maxSize: 0, numFiles: 0 })
  const log = logging.getLogger('sensor-reporter')
  let exitCode = 0
  const giveUp = (reason: unknown) => {
    log.error(`giving up: ${reason instanceof Error ? thrownText(reason) : String(reason)}`)
    if (reason instanceof Error) log.debug(reason)
    exitCode = 3
    // Also for the last resort, should the stop hang.
    process.exitCode = 3
  }
  const crash$ = merge(fromEvent(process, 'uncaughtException'), fromEvent(process, 'unhandledRejection'))
  const deaf$ = new Subject<string>()
  const stop$ = stopSignal(
    merge(crash$, deaf$).pipe(tap((event) => giveUp(Array.isArray(event) ? event[0] : event))),
  )

  keepCapabilities(log)
  const service = serviceManager(log)
  const stopping$ = stop$.pipe(tap(() => service.notify('STOPPING=1')))
  const watchdog = merge(service.alive$, stopping$).subscribe({ error: giveUp })

  let running: Loaded | undefined
  const states = new Map<string, string>()
  /** Says what runs, and how its parts are doing, as far as they are still among those that run. */
  const status = (...others: readonly string[]) => {
    if (!running) return
    for (const name of states.keys()) if (name !== radioName && !running.parts?.has(name)) states.delete(name)
    const parts = [...states].map(([name, state]) => `${name}: ${state.replace(/\.$/, '')}.`)
    service.notify(...others, `STATUS=${[`Running ${file}.`, ...parts].join(' ')}`)
  }
  const tell = (name: string, state: string): void => {
    if (states.get(name) === state) return
    states.set(name, state)
    status()
  }
  const lent = {
    tell,
    radio: radio(options, logging.getLogger(radioName), stop$, deaf$, (state) => tell(radioName, state)),
    getLogger: logging.getLogger,
    ...(options.simulate && { gpio: typedGpio(process.stdin, logging.getLogger('GPIO')) }),
  }
  const start = (first: Loaded, later$: Observable<Loaded>): Observable<unknown> => {
    const broker$ = options.broker ? first.broker?.(logging.getLogger('broker')) : undefined
    const errors = first.problems.filter(({ severity }) => severity === 'error')
    const isText = first.reporter !== undefined || errors.some(({ cause }) => cause !== 'machine')
    const fault = !first.reporter
      ? isText
        ? 'cannot be used; mend it and start again'
        : 'cannot be used now: its text may be right, but what it names cannot be had; start again when it can'
      : options.broker &&
        !broker$ &&
        'has no connection that the embedded broker could serve; leave out --broker'
    if (fault) {
      logProblems(log, file, first)
      log.error(`${file} ${fault}`)
      exitCode = isText ? 1 : 3
      return EMPTY
    }
    const reloaded$ = later$.pipe(
      tap((loaded) => {
        if (loaded.reporter) {
          log.info(`${file} has been read again`)
          return
        }
        logProblems(log, file, loaded)
        log.error(`${file} cannot be used; the configuration read before goes on`)
        service.notify('READY=1', 'STATUS=The changed configuration cannot be used, the one before goes on.')
      }),
    )
    const port = options.web === true ? usualPagePort : options.web
    const pages$ =
      port !== undefined && first.surroundings
        ? from(pageBeside({ port }, logging.getLogger('page'), first.surroundings).then((page) => [page]))
        : of([])
    const reporters$ = reloaded$.pipe(
      startWith(first),
      filter((loaded): loaded is Loaded & { reporter: Reporter } => loaded.reporter !== undefined),
      tap((loaded) => {
        running = loaded
        logging.reconfigure(loaded.logging)
        logProblems(log, file, loaded)
        status('READY=1')
      }),
      concatMap(({ reporter }) =>
        pages$.pipe(map((pages) => ({ ...reporter, connections: [...reporter.connections, ...pages] }))),
      ),
    )
    // The radio says first that it has stopped, and that goes the way of all readings.
    return daemon(reporters$, stop$.pipe(observeOn(asapScheduler))).pipe(broker$ ? served(broker$) : identity)
  }
  // Who asks while the file is being read, also at the start, has it read anew: only the newest counts. Who asks without end must
  // not keep it from ever being read.
  const loaded$ = fromEvent(process, 'SIGHUP').pipe(
    tap(() => service.notify('RELOADING=1')),
    startWith('the start'),
    throttleTime(500, asyncScheduler, { leading: true, trailing: true }),
    switchMap(() => loadFile(file, { env: process.env, ...lent }, running)),
    takeUntil(stop$),
  )
  const running$ = loaded$.pipe(
    connect((newest$) =>
      newest$.pipe(
        take(1),
        switchMap((first) => start(first, newest$)),
      ),
    ),
    catchError((error: unknown) => {
      giveUp(error)
      return EMPTY
    }),
  )
  // Who waits for nothing but a signal, as a sensor may, would not keep the process alive.
  const alive = interval(60_000).subscribe()
  await lastValueFrom(running$, { defaultValue: undefined })
  alive.unsubscribe()
  watchdog.unsubscribe()
  if (exitCode !== 1) log.info('stopped')
  await logging.close()
  return exitCode
}

/** Sees to it that programs which are started do not inherit what the service may do (AmbientCapabilities in its unit). */
function keepCapabilities(log: Logger): void {
  if (!/^Cap(Inh|Amb):\s*0*[1-9a-f]/m.test(textOf('/proc/self/status'))) return
  try {
    libc().keepCapabilities()
  } catch (error) {
    log.warn(
      `programs that are started inherit the capabilities of this process, since these cannot be dropped: ${thrownText(error)}`,
    )
  }
}

/** Logs every problem of a configuration with its file and line. */
function logProblems(log: Logger, file: string, { problems }: Loaded): void {
  for (const problem of problems)
    log[problem.severity === 'error' ? 'error' : 'warn'](formatProblem(file, problem))
}
