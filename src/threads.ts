import { from, throwError, timeout } from 'rxjs'

/** Node has four threads for files and names. One of them stays free of what may hang. */
const most = 3

/** What runs in each queue, until it has ended. It fails when that takes too long, so that nobody waits behind it for ever. */
const running = new Map<string, Promise<void>>()

const hung = new Set<string>()

/**
 * Does what may hang in one of Node's few threads: no more than one thing at a time in each queue, and no more than three in
 * all. What takes longer than `patience`, ms, fails as `late` says, and so does all that waits behind it or comes later, until it
 * has ended. The name of the queue is what the error speaks of.
 *
 * @example await inTurn('the 1-Wire bus', () => readFile('/sys/bus/w1/devices/28-a66c801e64ff/w1_slave', 'utf8'))
 */
export async function inTurn<T>(
  queue: string,
  work: () => Promise<T>,
  patience = 10_000,
  late = `${queue} does not answer: a read has hung for ${patience / 1000} s, and no other begins until it ends. Is the wiring well? If it stays so, reboot`,
): Promise<T> {
  for (;;) {
    const before = running.get(queue)
    if (!before && running.size < most) break
    if (before) await before
    else await Promise.any(running.values()).catch(() => Promise.reject(crowded(queue)))
  }
  const stuck = new Error(late)
  const ended = work().finally(() => {
    running.delete(queue)
    hung.delete(queue)
  })
  const result = new Promise<T>((resolve, reject) => {
    from(ended)
      .pipe(timeout({ first: patience, with: () => throwError(() => stuck) }))
      .subscribe({ next: resolve, error: reject })
  })
  const turn = result.then(
    () => undefined,
    () => {
      if (running.get(queue) !== turn) return
      hung.add(queue)
      throw stuck
    },
  )
  turn.catch(() => undefined)
  running.set(queue, turn)
  return result
}

const crowded = (queue: string) =>
  new Error(`${queue} is not tried, since these hang: ${[...running.keys()].join(', ')}`)

/** Whether something in a queue has taken too long, and has not ended yet. */
export const hangs = (queue: string): boolean => hung.has(queue)

/** Whether something runs in a queue. */
export const isBusy = (queue: string): boolean => running.has(queue)
