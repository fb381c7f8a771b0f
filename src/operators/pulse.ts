import {
  asyncScheduler,
  exhaustMap,
  map,
  type OperatorFunction,
  type SchedulerLike,
  startWith,
  timer,
} from 'rxjs'

/**
 * Says `true` for whatever comes, and `false` again `duration` ms later. What comes meanwhile is ignored: nobody can press
 * a button that is pressed, and a flood of commands cannot hold it for ever.
 *
 * ![marble diagram](../../marbles/pulse.svg)
 *
 * @example
 * of('a command').pipe(pulse(500))
 * // → true, false
 */
export const pulse = (
  duration: number,
  scheduler: SchedulerLike = asyncScheduler,
): OperatorFunction<unknown, boolean> => {
  const pulse$ = timer(duration, scheduler).pipe(
    map(() => false),
    startWith(true),
  )
  return (triggers$) => triggers$.pipe(exhaustMap(() => pulse$))
}
