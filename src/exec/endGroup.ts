import { interval, map, take, takeWhile, tap } from 'rxjs'

/** How often (ms) it is looked whether anything is left, and how often at most: a stop of the program waits a second. */
const [pause, looks] = [50, 10]

/** Ends a process group: SIGTERM, and SIGKILL for what is left of it half a second later. */
export function endGroup(pid: number): void {
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
