import type { Writable } from 'node:stream'
import { inspect } from 'node:util'
import { Observable, type OperatorFunction } from 'rxjs'
import { escapeControls } from '../fields/problems.js'
import type { Logger } from '../model.js'

/** One line of the log before it is formatted. */
export interface LogRecord {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly level: Level
  /** Who says it: the name of an ini section, `Sensor0`. */
  readonly name: string
  /** Free of control characters. */
  readonly text: string
}

/** How much is logged, as written in the ini file: a level and all that is more serious. */
export type Level = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR'

/** Where log records go. It emits whenever one has arrived, fails when it cannot go on, and completes when all are out. */
export type Sink = OperatorFunction<LogRecord, void>

/** What `[Logging]` says: the level of all that has none of its own, and where lines go besides standard output. */
export interface LoggingOptions {
  /** Of all that has none of its own. */
  readonly level: Level
  /** To the local syslog as well; `file` is then not used. */
  readonly syslog: boolean
  /** Path of the log file; it is made when it is not there. @default no file */
  readonly file?: string
  /** Bytes after which the file is rotated; 0 for never. */
  readonly maxSize: number
  /** How many rotated files are kept: `file.1` is the newest; with 0 the file is never rotated. */
  readonly numFiles: number
}

/**
 * A line for people and files, in local time.
 *
 * @example '2026-11-22 16:20:39,123 INFO Sensor0: text\n'
 */
export const timestamped = ({ at, level, name, text }: LogRecord): string => {
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString()
  return `${local.slice(0, 10)} ${local.slice(11, 23).replace('.', ',')} ${level} ${name}: ${text}\n`
}

/**
 * A line for journald or `logger --prio-prefix`, who know the time themselves; priorities as in sd-daemon(3).
 *
 * @example '<6>Sensor0: text\n'
 */
export const prioritised = ({ level, name, text }: LogRecord): string =>
  `<${priorities[level]}>${name}: ${text}\n`

const priorities: Record<Level, number> = { ERROR: 3, WARNING: 4, INFO: 6, DEBUG: 7 }

/** Turns what a logger was called with into one line: texts as they are (no `%s`), errors as their message. */
export const messageText = (parts: readonly unknown[]): string =>
  escapeControls(parts.map(partText).join(' '))

const partText = (part: unknown): string => {
  if (typeof part === 'string') return part
  return part instanceof Error ? errorText(part) : inspect(part, { breakLength: Infinity })
}

// The error of a failed connection to several addresses of one host has no message of its own.
const errorText = (error: Error): string =>
  error.message ||
  (error instanceof AggregateError
    ? error.errors.map((each: unknown) => (each instanceof Error ? errorText(each) : String(each))).join(', ')
    : error.name)

/** Where the errors among the parts of a message come from, one line a call. */
export const stackLines = (parts: readonly unknown[]): string[] =>
  parts
    .flatMap((part) => (part instanceof Error ? (part.stack ?? '').split('\n') : []))
    .filter((line) => /^\s+at /.test(line))
    .map(escapeControls)

/**
 * Writes lines (or other records) to a stream, never more than `limit` bytes ahead of its reader: those beyond are dropped,
 * and how many is logged when it flows again. Emits whenever one has arrived. Leaves the stream open.
 */
export const writeTo =
  <Line>(
    stream: Writable,
    format: (line: Line) => string | Uint8Array,
    log: Logger,
    limit = 2 ** 20,
  ): OperatorFunction<Line, void> =>
  (lines$) =>
    new Observable((subscriber) => {
      let dropped = 0
      const failed = (error: unknown) => subscriber.error(error)
      const drained = () => {
        if (dropped > 0)
          log.warn(`${dropped} lines were lost here: they were not read as fast as they were written.`)
        dropped = 0
      }
      stream.off('error', ignore).on('error', ignore).on('error', failed).on('drain', drained)
      subscriber.add(() => stream.off('error', failed).off('drain', drained))
      subscriber.add(
        lines$.subscribe({
          next: (line) => {
            if (stream.writableLength > limit) dropped++
            else stream.write(format(line), (error) => error ?? subscriber.next())
          },
          error: failed,
          // An empty write is through when all before it are.
          complete: () => stream.write('', (error) => error ?? subscriber.complete()),
        }),
      )
    })

// A write may still fail when nobody is interested any more, and an 'error' without listener ends the process.
const ignore = () => undefined
