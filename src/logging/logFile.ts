import { existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { createStream, type RotatingFileStream } from 'rotating-file-stream'
import { catchError, fromEvent, ignoreElements, interval, map, Observable, switchMap, takeUntil } from 'rxjs'
import type { Logger } from '../model.js'
import { type LoggingOptions, messageText, type Sink, timestamped, writeTo } from './records.js'

/** Fails when the open file is no longer the one of that name: lines would go where nobody finds them. */
const removal = (stream: RotatingFileStream, file: string): Observable<never> =>
  fromEvent(stream, 'open').pipe(
    map(() => statSync(file).ino),
    switchMap((inode) =>
      interval(10_000).pipe(
        map(() => {
          if (statSync(file, { throwIfNoEntry: false })?.ino !== inode)
            throw new Error('it was removed or replaced')
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
      const rotated = maxSize > 0 && numFiles > 0
      const folder = dirname(file)
      const isMissing = !existsSync(folder)
      const stream = createStream(file, rotated ? { size: `${maxSize}B`, rotate: numFiles } : {})
      subscriber.add(() => stream.destroy())
      if (isMissing)
        stream.once('open', () =>
          log.warn(
            `the folder ${folder} was not there and has been made${process.getuid?.() === 0 ? ', by root: the service, which is not, cannot write there unless you give it that folder (chown)' : ''}; is File in [Logging] right?`,
          ),
        )
      subscriber.add(
        removal(stream, file).subscribe({ error: (error: unknown) => stream.destroy(error as Error) }),
      )
      records$
        .pipe(
          writeTo(stream, timestamped, log),
          catchError((error: unknown) => {
            throw new Error(
              `The log file ${file} cannot be written (${messageText([error])}): mend that or choose another File in [Logging].`,
            )
          }),
        )
        .subscribe(subscriber)
    })
