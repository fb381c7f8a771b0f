import { filter, type MonoTypeOperatorFunction, Observable, tap } from 'rxjs'
import { remember } from '../memory.js'
import type { Command } from '../model.js'

/**
 * Takes out of what comes in as many commands as `sent$` said, by topic and payload: they are our own words coming back.
 * It counts and does not guess by time. What the broker had kept is no echo. Memory is bounded: beyond `limit` the oldest
 * are forgotten, for example where the broker does not let us read what we send.
 *
 * ![marble diagram](../../marbles/withoutEchoes.svg)
 *
 * @example
 * const light = (payload: string) => ({ source: 'light', payload })
 * const sent$ = of(light('ON'))
 * of(light('ON'), light('OFF')).pipe(withoutEchoes(sent$))
 * // → light('OFF')
 */
export const withoutEchoes =
  (sent$: Observable<Pick<Command, 'source' | 'payload'>>, limit = 1000): MonoTypeOperatorFunction<Command> =>
  (commands$) =>
    new Observable((subscriber) => {
      const expected = new Map<string, number>()
      const key = ({ source, payload }: Pick<Command, 'source' | 'payload'>) => `${source}\0${payload}`

      const expect = (sent: Pick<Command, 'source' | 'payload'>) =>
        remember(expected, key(sent), (expected.get(key(sent)) ?? 0) + 1, limit)
      const isEcho = (command: Command): boolean => {
        const count = expected.get(key(command)) ?? 0
        if (count === 0 || command.retained) return false
        if (count > 1) expected.set(key(command), count - 1)
        else expected.delete(key(command))
        return true
      }
      subscriber.add(sent$.pipe(tap(expect)).subscribe())
      return commands$.pipe(filter((command) => !isEcho(command))).subscribe(subscriber)
    })
