import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** The path of a file that a child may make; it goes with the test. */
export function missingFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'exec-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'file')
}
