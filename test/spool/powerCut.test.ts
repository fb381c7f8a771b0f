import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { journal } from '../support/journal.js'
import { openedSpool } from './openedSpool.js'
import { temporaryFolder } from '../support/temporaryFolder.js'

const program = fileURLToPath(new URL('spoolProgram.js', import.meta.url))

/** A process that counts into a spool until it is killed, which is as near to a power cut as a test comes. */
function counting(path: string, from: number, ...prefix: readonly string[]) {
  const words = [...prefix, process.execPath, program, path, `${from}`]
  const child = spawn('env', words, { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = journal<string>()
  const ended = once(createInterface(child.stdout).on('line', lines.add), 'close')
  const kill = async () => {
    child.kill('SIGKILL')
    await ended
  }
  onTestFinished(kill)
  return {
    child,
    kill,
    lines: lines.entries,
    until: (pattern: RegExp) => lines.until((line) => pattern.test(line)),
  }
}

const appended = (lines: readonly string[]) =>
  lines.flatMap((line) => {
    const [, value, at] = /^appended (\d+) at (\d+)$/.exec(line) ?? []
    return value === undefined ? [] : [{ value: Number(value), at: Number(at) }]
  })
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1)

async function spooled(path: string): Promise<unknown[]> {
  const { spool, lines } = await openedSpool(path, 2 ** 20)
  expect(lines.filter((line) => !line.includes('power cut'))).toEqual([])
  return spool.entries.map(({ reading }) => reading.value)
}

describe('a spool whose process is killed', () => {
  it('has lost nothing but the readings of the last second, and nothing of an earlier run', async () => {
    const path = join(temporaryFolder(), 'home.spool')
    const first = counting(path, 1)
    await first.until(/^appended 300 /)
    await first.kill()
    const all = appended(first.lines)
    const killed = all.at(-1)?.at ?? 0
    // A second, and what a busy machine may take to get round to writing.
    const safe = all.filter(({ at }) => at < killed - 1800).length

    const second = counting(path, 1)
    const found = Number((await second.until(/^found/)).slice(6))
    await second.kill()
    expect(found).toBeGreaterThanOrEqual(safe)
    expect(safe).toBeGreaterThan(0)
    expect((await spooled(path)).slice(0, found)).toEqual(upTo(found))
  })

  it.skipIf(process.platform !== 'linux')(
    'has everything that came while its file could not grow, once it could again',
    async () => {
      const path = join(temporaryFolder(), 'home.spool')
      const { child, kill, lines, until } = counting(
        path,
        1,
        'HURRY=yes',
        'prlimit',
        '--fsize=4000:unlimited',
      )
      await until(/cannot be used/)
      execFileSync('prlimit', ['--pid', `${child.pid ?? ''}`, '--fsize=unlimited:unlimited'])
      await until(/works again/)
      const known = appended(lines).at(-1)?.value ?? 0
      await kill()
      expect(lines.filter((line) => !line.startsWith('appended'))).toEqual([
        'found 0',
        `The spool ${path} cannot be used (the largest size of a file (ulimit -f) is reached: raise it). It is tried again every 10 s; until then readings are kept in memory only.`,
        `The spool ${path} works again.`,
      ])
      const values = await spooled(path)
      expect(values.length).toBeGreaterThan(known - 200)
      expect(values).toEqual(upTo(values.length))
    },
  )
})
