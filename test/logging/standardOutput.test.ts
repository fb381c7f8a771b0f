import { fork, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

const program = fileURLToPath(new URL('loggingProgram.js', import.meta.url))

let folder: string
let file: string
let child: ChildProcess | undefined
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'standard-output-'))
  file = join(folder, 'log')
})
afterEach(() => {
  child?.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

/** Ticks 20 times with the lines given, and goes on ticking until told to stop. */
const start = (linesPerTick: number, stdout: 'pipe' | number) =>
  (child = fork(program, ['20', String(linesPerTick), file], { stdio: ['ignore', stdout, 'inherit', 'ipc'] }))
const stop = async (running: ChildProcess) => {
  running.send('stop')
  return (await once(running, 'exit')) as unknown
}
const logged = (part: string) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.includes(part))

describe.skipIf(!existsSync('/dev/full'))('standardOutput', () => {
  it('whose reader sleeps does not hold up the program, nor its end', async () => {
    const running = start(2000, 'pipe')
    await once(running, 'message')
    expect(await stop(running)).toEqual([0, null])
  })

  it('says how many lines its reader has missed when that reads again', async () => {
    const running = start(2000, 'pipe')
    await once(running, 'message')
    const output = running.stdout ? text(running.stdout) : ''
    await vi.waitFor(() => expect(logged('lines were lost here').length).toBeGreaterThan(0), {
      timeout: 10_000,
    })
    await stop(running)
    expect(await output).toMatch(/ WARNING standard output: \d+ lines were lost here/)
  })

  it('whose reader is gone is told to the log file once', async () => {
    const running = start(10, 'pipe')
    running.stdout?.destroy()
    await once(running, 'message')
    expect(await stop(running)).toEqual([0, null])
    expect(logged('standard output:')).toEqual([
      expect.stringContaining('nobody reads them or the disk is full'),
    ])
    expect(logged('Sensor0:').length).toBeGreaterThanOrEqual(200)
  })

  it('on a full disk is told to the log file once', async () => {
    const full = openSync('/dev/full', 'w')
    const running = start(10, full)
    closeSync(full)
    await once(running, 'message')
    expect(await stop(running)).toEqual([0, null])
    expect(logged('standard output:')).toEqual([expect.stringContaining('ENOSPC')])
    expect(logged('Sensor0:').length).toBeGreaterThanOrEqual(200)
  })

  it('tells once that the disk of the log file is full', async () => {
    // A limit on the size of files is a full disk that needs no privileges.
    const limited = ['-c', 'ulimit -f 2 && exec "$0" "$@"', process.execPath, program, '20', '10', file]
    const running = (child = spawn('sh', limited, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] }))
    const output = running.stdout ? text(running.stdout) : ''
    await once(running, 'message')
    expect(await stop(running)).toEqual([0, null])
    const lines = (await output).split('\n')
    expect(lines.filter((line) => line.includes('log file:'))).toEqual([
      expect.stringContaining('cannot be written (EFBIG'),
    ])
    expect(lines.filter((line) => line.includes('Sensor0:'))).toHaveLength(200)
  })
})
