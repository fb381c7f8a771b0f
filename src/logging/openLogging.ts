import type { Writable } from 'node:stream'
import loglevel from 'loglevel'
import {
  asyncScheduler,
  defer,
  delayWhen,
  EMPTY,
  endWith,
  ignoreElements,
  lastValueFrom,
  merge,
  mergeMap,
  Subject,
  takeUntil,
  tap,
  timer,
} from 'rxjs'
import { checked, inCode, optionsInCode, wordInCode } from '../fields/codeOptions.js'
import { boolean, integer, path } from '../fields/fields.js'
import { escapeControls } from '../fields/problems.js'
import type { Logger } from '../model.js'
import { supervise } from '../operators/supervise.js'
import { logFile } from './logFile.js'
import {
  type Level,
  type LoggingOptions,
  type LogRecord,
  messageText,
  type Sink,
  stackLines,
} from './records.js'
import { standardOutput } from './standardOutput.js'
import { syslog } from './syslog.js'

/**
 * Opens the log: standard output (or the stream given) always, then syslog or a file. Logging never throws and never
 * blocks; the trouble of one sink is told by the others. loglevel keeps the loggers: a process has one log at a time.
 *
 * @throws TypeError that says what is wrong with the options.
 * @example
 * const logging = openLogging({ level: 'INFO', syslog: false, maxSize: 0, numFiles: 0 })
 * const log = logging.getLogger('Sensor0')
 * const radio = bluetoothRadio(log)
 * await logging.close()
 */
export function openLogging(
  options: LoggingOptions,
  stream: Writable & { readonly fd: number } = process.stdout,
): Logging {
  checked('openLogging', loggingInCode, options)
  const records$ = new Subject<LogRecord>()
  const options$ = new Subject<LoggingOptions>()

  const methodFactory: loglevel.MethodFactory =
    (method, threshold, name) =>
    (...parts: unknown[]) => {
      const record = { at: asyncScheduler.now(), level: levels[method], name: escapeControls(String(name)) }
      records$.next({ ...record, text: messageText(parts) })
      if (threshold > loglevel.levels.DEBUG) return
      for (const text of stackLines(parts)) records$.next({ ...record, level: 'DEBUG', text })
    }

  const getLogger: Logging['getLogger'] = (name, level) => {
    const logger = loglevel.getLogger(name)
    logger.methodFactory = methodFactory
    if (level) logger.setLevel(methods[level], false)
    else logger.resetLevel()
    return logger
  }

  const output$ = records$.pipe(lasting((log) => standardOutput(log, stream), getLogger('standard output')))
  const second$ = options$.pipe(
    mergeMap(({ syslog: toSyslog, file, ...rotation }) => {
      const current$ = records$.pipe(takeUntil(options$))
      if (toSyslog) return current$.pipe(lasting(syslog, getLogger('syslog')))
      if (!file) return EMPTY
      return current$.pipe(lasting((log) => logFile(file, rotation, log), getLogger('log file')))
    }),
  )
  const closed = lastValueFrom(merge(output$, second$), { defaultValue: undefined })

  const reconfigure = (changed: LoggingOptions) => {
    checked('reconfigure', loggingInCode, changed)
    loglevel.setLevel(methods[changed.level], false)
    loglevel.rebuild()
    options$.next(changed)
  }
  reconfigure(options)
  return {
    getLogger,
    reconfigure,
    close: () => {
      options$.complete()
      records$.complete()
      return closed
    },
  }
}

const loggingInCode = optionsInCode({
  level: wordInCode('DEBUG', 'INFO', 'WARNING', 'ERROR'),
  syslog: inCode(boolean),
  file: inCode(path).optional(),
  maxSize: inCode(integer(0)),
  numFiles: inCode(integer(0, 1000)),
})

/** The log of the process. */
export interface Logging {
  /** The logger of a component; without a level of its own it follows the general one. */
  readonly getLogger: (name: string, level?: Level) => Logger
  /** Other options from now on. The log file is opened anew, as after an external rotation. */
  readonly reconfigure: (options: LoggingOptions) => void
  /** Resolves when the last lines are out, after half a second at the latest. */
  readonly close: () => Promise<void>
}

const methods = { DEBUG: 'debug', INFO: 'info', WARNING: 'warn', ERROR: 'error' } as const

const levels = { trace: 'DEBUG', debug: 'DEBUG', info: 'INFO', warn: 'WARNING', error: 'ERROR' } as const

/**
 * Keeps a sink going: its trouble is logged once, it is tried again ever less often, and its recovery is logged.
 * When the records end, a sink that works has half a second to get rid of them.
 */
export const lasting =
  (open: (log: Logger) => Sink, log: Logger): Sink =>
  (records$) =>
    defer(() => {
      let working = true
      const ended$ = records$.pipe(ignoreElements(), endWith(0))
      return records$.pipe(
        open(log),
        tap({ subscribe: () => (working = true), error: () => (working = false) }),
        supervise(log),
        takeUntil(ended$.pipe(delayWhen(() => timer(working ? 500 : 0)))),
      )
    })
