import { setImmediate as turn } from 'node:timers/promises'
import { onTestFinished, vi } from 'vitest'

/**
 * Until the test ends timers of this process run only when they are let; sockets and processes are real. So a test can say
 * how long the program itself waits, whatever else the machine has to do.
 */
export function heldTimers() {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
  onTestFinished(() => void vi.useRealTimers())
  return {
    /** Lets timers run until something has come; resolves to how many ms of them that took. */
    async until(something: Promise<unknown>): Promise<number> {
      let [ms, isThere] = [0, false]
      const there = something.finally(() => (isThere = true))
      while (!isThere) {
        // Whatever needs no timer comes first.
        for (let turns = 0; turns < 20 && !isThere; turns += 1) await turn()
        if (!isThere) vi.advanceTimersByTime(10)
        ms += 10
      }
      await there
      return ms
    },
  }
}
