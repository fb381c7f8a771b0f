import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { loadModule } from '../../src/config/loadModule.js'
import { NotAvailable } from '../../src/fields/problems.js'
import { temporaryFolder } from '../support/temporaryFolder.js'

it('waits no longer than a minute for a plug-in that waits for ever', async () => {
  const folder = temporaryFolder()
  const endless = 'globalThis.pluginBegins()\nawait new Promise(() => undefined)'
  writeFileSync(join(folder, 'own.mjs'), endless, { mode: 0o600 })
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const begins = new Promise<void>((resolve) => vi.stubGlobal('pluginBegins', resolve))
  onTestFinished(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })
  const loading = expect(loadModule('./own.mjs', folder)).rejects.toThrow(
    new NotAvailable('it cannot be loaded: Error: it has not loaded within 60 s: mend it'),
  )
  await begins
  await vi.advanceTimersByTimeAsync(60_000)
  await loading
})
