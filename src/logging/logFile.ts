import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createStream, type RotatingFileStream } from 'rotating-file-stream'
import {
  exhaustMap,
  fromEvent,
  ignoreElements,
  interval,
  map,
  merge,
  Observable,
  switchMap,
  takeUntil,
} from 'rxjs'
import type { Logger } from '../model.js'
import { silenceOf, timely } from '../smallFile.js'
import { type LoggingOptions, messageText, type Sink, timestamped, writeTo } from './records.js'

/** Which file it is, whatever its name; nothing where there is none. */
const inode = (path: string) =>
  timely(path, () =>
    stat(path).then(
      ({ ino }) => ino,
      () => undefined,
    ),
  )

/** Fails when the open file is no longer the one of that name, or does not answer: lines would go where nobody finds them. */
const removal = (stream: RotatingFileStream, file: string): Observable<never> =>
  fromEvent(stream, 'open').pipe(
    switchMap(() => inode(file)),
    switchMap((opened) =>
      interval(10_000).pipe(
        exhaustMap(() => inode(file)),
        map((named) => {
          if (named !== opened) throw new Error('it was removed or replaced')
        }),
        takeUntil(fromEvent(stream, 'rotation')),
      ),
    ),
    ignoreElements(),
  )

/** Log lines to a file, rotated at `maxSize` bytes to `file.1` … `file.<numFiles>`; missing folders are made, which is logged. */
export const logFile =
  (file: string, { maxSize, numFiles }: Pick<LoggingOptions, 'maxSize' | 'numFiles'>, log: Logger): Sink =>
  (records$) =>
    new Observable((subscriber) => {
      const failed = (error: unknown) =>
        subscriber.error(
          new Error(
            `The log file ${file} cannot be written (${messageText([error])}): mend that or choose another File in [Logging].`,
          ),
        )
      // A further attempt would take a further one of Node's few threads.
      const silent = silenceOf(file)
      if (silent) {
        failed(silent)
        return
      }
      const rotated = maxSize > 0 && numFiles > 0
      const folder = dirname(file)
      const before = inode(folder)
      const stream = createStream(file, rotated ? { size: `${maxSize}B`, rotate: numFiles } : {})
      subscriber.add(() => stream.destroy())
      const made$ = fromEvent(stream, 'open').pipe(
        switchMap(() => before),
        map((there) => {
          if (there === undefined)
            log.warn(
              `the folder ${folder} was not there and has been made${process.getuid?.() === 0 ? ', by root: the service, which is not, cannot write there unless you give it that folder (chown)' : ''}; is File in [Logging] right?`,
            )
        }),
        ignoreElements(),
      )
      subscriber.add(merge(before, made$, removal(stream, file)).subscribe({ error: failed }))
      records$.pipe(writeTo(stream, timestamped, log)).subscribe({
        next: () => subscriber.next(),
        error: failed,
        complete: () => subscriber.complete(),
      })
    })
