import { defer, delayWhen, endWith, ignoreElements, takeUntil, tap, timer } from 'rxjs'
import { supervise } from '../operators/supervise.js'
import type { Logger } from './logger.js'
import type { Sink } from './sink.js'

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
