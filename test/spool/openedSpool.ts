import { Subscription } from 'rxjs'
import { onTestFinished, vi } from 'vitest'
import type { Spool } from '../../src/delivery/spool.js'
import { openSpool } from '../../src/spool/openSpool.js'
import { spoolLock } from '../../src/spool/spoolFile.js'
import { recordedLog } from '../support/recordedLog.js'

/** A spool as a connection opens it; it is closed with the test. */
export async function openedSpool(path: string, size = 65_536) {
  const { log, lines, until } = recordedLog()
  const running = new Subscription()
  onTestFinished(() => running.unsubscribe())
  const spool = await new Promise<Spool>((resolve, reject) => {
    running.add(openSpool(path, { size, log }).subscribe({ next: resolve, error: reject }))
  })
  return { spool, lines, until, close: () => running.unsubscribe() }
}

/** Resolves when whoever has used the spool is through with it. */
export const unlocked = (path: string): Promise<boolean> =>
  vi.waitUntil(() =>
    spoolLock(path, 1).then(
      (lock) => {
        lock?.close()
        return true
      },
      () => false,
    ),
  )
