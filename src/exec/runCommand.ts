import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import {
  catchError,
  interval,
  map,
  type MonoTypeOperatorFunction,
  Observable,
  of,
  startWith,
  take,
  takeWhile,
  tap,
  throwError,
  timeout,
  timer,
} from 'rxjs'
import { inCode, listInCode } from '../fields/codeOptions.js'
import { integer } from '../fields/fields.js'
import { filesIn, textOf } from '../kernelFiles.js'
import type { Logger } from '../model.js'
import { environmentName, usualVariables } from './environment.js'

/** The bounds of a run. */
export interface RunOptions {
  /** How long it may take, ms. @default 10_000 */
  readonly timeout?: number
  /** How many bytes of its standard output are kept; the rest is read and thrown away. @default 65_536 */
  readonly maxOutput?: number
  /** The environment variables that it gets, where they are set. @default PATH, HOME, LANG, TZ, USER, SHELL, TMPDIR */
  readonly variables?: readonly string[] | undefined
}

/**
 * Runs a program, without a shell, and emits its standard output, less the white space at its end, when it has ended with
 * code 0. Fails when it cannot start, ends otherwise or takes too long; the words are not quoted then, they may hold
 * secrets. With the program everything ends that it started in its process group; taking too long and unsubscribing end
 * also what has left that group.
 *
 * @example runCommand(['uname', '-r'], {}).subscribe((release) => …)
 */
export const runCommand = (
  words: readonly string[],
  { timeout: first = 10_000, maxOutput = 65_536, variables = usualVariables }: RunOptions,
): Observable<string> =>
  outputOf(words, maxOutput, variables).pipe(
    catchError((error: unknown) => throwError(() => withoutWords(error))),
    timeout({
      first,
      with: () => throwError(() => new Error(`the command took longer than ${first / 1000} s and was ended`)),
    }),
  )

/** How many bytes of output are kept at most. */
export const outputBytes = integer(1, 1_048_576)

/** What of the bounds is checked alike wherever a program is run. */
export const outputInCode = {
  maxOutput: inCode(outputBytes).optional(),
  variables: listInCode(inCode(environmentName)).optional(),
}

/**
 * Makes the result `ERROR` of runs that fail. Why is logged once, until one succeeds or the reason is another; what is
 * returned knows all runs that it has been applied to.
 *
 * @example const result = errorResult(log); runCommand(words, bounds).pipe(result)
 */
export function errorResult(log: Logger): MonoTypeOperatorFunction<string> {
  let said: string | undefined
  return (run$) =>
    run$.pipe(
      tap(() => {
        if (said !== undefined) log.info('the command works again')
        said = undefined
      }),
      catchError((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error)
        if (reason !== said) log.error(`${reason}. The result is ERROR`)
        said = reason
        return of('ERROR')
      }),
    )
}

/** Says of an error of the system why a program cannot be started, without the words that it quotes; others stay. */
function withoutWords(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error))
  if (!('code' in error)) return error
  const code = String(error.code)
  return new Error(`the command cannot be started (${code})${reasons[code] ?? ''}`)
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT:
    ': there is no such program, or not the interpreter that its first line names; write its whole path, or see to it that PATH leads there',
  EACCES: ': this user may not run it; is it executable (chmod +x)?',
  E2BIG: ': its arguments are too long',
  EAGAIN: ': the system has no room for another process',
}

/** What all that a run starts inherits with its environment. */
const markName = 'SENSOR_REPORTER_COMMAND'

const outputOf = (
  [program = '', ...args]: readonly string[],
  maxOutput: number,
  variables: readonly string[],
): Observable<string> =>
  new Observable((subscriber) => {
    const mark = randomUUID()
    // Detached means: the leader of a process group of its own.
    const child = spawn(program, args, {
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...Object.fromEntries(variables.map((name) => [name, process.env[name]])), [markName]: mark },
    })
    let over = false
    const end = () => {
      if (child.pid !== undefined) endGroup(child.pid)
    }
    child.on('error', (error) => subscriber.error(error))
    // Where the system has no file descriptors left there is no output either, just the error.
    const stdout = child.stdout as Readable | undefined
    let output = Buffer.alloc(0)
    stdout?.on('data', (bytes: Buffer) => {
      const room = maxOutput - output.length
      if (room > 0) output = Buffer.concat([output, bytes.subarray(0, room)])
    })
    child.on('exit', () => {
      end()
      const letGo$ = timer(patience).pipe(tap(() => stdout?.destroy()))
      subscriber.add(letGo$.subscribe())
    })
    child.on('close', (code, signal) => {
      over = true
      if (code !== 0) subscriber.error(new Error(`the command ended with ${signal ?? `code ${code ?? '?'}`}`))
      // As a part of a stream, so that a character which the limit has cut in two is left out.
      subscriber.next(new TextDecoder().decode(output, { stream: true }).trimEnd())
      subscriber.complete()
    })
    return () => {
      stdout?.destroy()
      // Cut off, it takes along what has left its group; what a program that ended by itself has left behind may stay.
      if (!over) endStrays(`${markName}=${mark}`)
      end()
    }
  })

/** How long standard output is waited for when a process that has left the group still holds it, ms. */
const patience = 1000

/** How often (ms) it is looked whether anything is left, and how often at most: a stop of the program waits a second. */
const [pause, looks] = [50, 10]

/** Ends a process group: SIGTERM, and SIGKILL for what is left of it half a second later. */
function endGroup(pid: number): void {
  if (!send(pid, 'SIGTERM')) return
  interval(pause)
    .pipe(
      take(looks),
      map(() => send(pid, 0)),
      takeWhile((isLeft) => isLeft),
      tap({ complete: () => send(pid, 'SIGKILL') }),
    )
    .subscribe()
}

/** Whether there was anybody to get it; 0 just asks. */
function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal)
  } catch {
    return false
  }
}

/**
 * Ends the process groups of what carries a mark, at once and for half a second more: a process that is just about to
 * become another program has no environment to be known by.
 */
function endStrays(mark: string): void {
  const known = new Set<number>()
  interval(pause)
    .pipe(
      startWith(0),
      take(looks),
      tap(() => {
        for (const stray of markedProcesses(mark)) {
          if (!known.has(stray)) endGroup(stray)
          known.add(stray)
        }
      }),
    )
    .subscribe()
}

/**
 * The processes with an entry `NAME=value` in their environment, which a process inherits also when it leaves its group and
 * its session. Where there is no `/proc` none are found.
 */
function markedProcesses(mark: string): number[] {
  return filesIn('/proc')
    .filter((name) => /^\d+$/.test(name) && textOf(`/proc/${name}/environ`).split('\0').includes(mark))
    .map(Number)
}
