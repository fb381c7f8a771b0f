import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { journal } from './journal.js'

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
if (!existsSync(cli))
  throw new Error('expected the built program in dist/: run npm run build first (npm test does)')

/** Runs the built program as a user would, through another one where that is given; it ends with the test. */
export function program(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  through: readonly string[] = [],
) {
  const [command = '', ...words] = [...through, process.execPath, cli, ...args]
  const child = spawn(command, words, { env: { ...process.env, ...env } })
  const lines = journal<string>()
  for (const stream of [child.stdout, child.stderr]) createInterface(stream).on('line', lines.add)
  const exit = once(child, 'close').then(([code]) => code as number | null)
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await exit
  })
  return {
    child,
    lines: lines.entries,
    until: (pattern: RegExp, start = 0) => lines.until((line) => pattern.test(line), start),
    say: (line: string) => child.stdin.write(`${line}\n`),
    /** Resolves to the exit code when the process has ended and its output is read. */
    exit,
  }
}

/** Writes a file into a folder of its own that goes with the test. */
export function temporaryFile(name: string, text: string | Buffer): string {
  const folder = mkdtempSync(join(tmpdir(), 'sensor-reporter-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, name)
  writeFileSync(path, text, { mode: 0o600 })
  return path
}
