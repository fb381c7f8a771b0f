import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { isBusy } from '../../src/threads.js'
import { openedSpool, unlocked } from './openedSpool.js'
import { temporaryFolder } from '../support/temporaryFolder.js'

const reading = (value: number) => ({ destination: 'attic/temp_c', value, at: value })
const isRoot = process.getuid?.() === 0

/** A disk of 64 KiB; the tests that need one run as root only. */
function smallDisk(): string {
  const folder = temporaryFolder()
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder])
  onTestFinished(() => void execFileSync('umount', ['--lazy', folder]))
  return folder
}

/** Lets a tenth of a second pass; files take their real time before that. */
async function tick(path: string) {
  do await new Promise(setImmediate)
  while (isBusy(`the spool ${path}`))
  await vi.advanceTimersByTimeAsync(100)
}
async function minute(path: string) {
  for (let ticks = 0; ticks < 600; ticks++) await tick(path)
}
async function said(path: string, lines: readonly string[], pattern: RegExp) {
  while (!lines.some((line) => pattern.test(line))) await tick(path)
}
async function valuesIn(path: string) {
  await unlocked(path)
  return (await openedSpool(path)).spool.entries.map((entry) => entry.reading.value)
}
const cannot = (path: string, problem: string) =>
  `error: The spool ${path} cannot be used (${problem}). It is tried again every 10 s; until then readings are kept in memory only.`
const works = (path: string) => `info: The spool ${path} works again.`

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout', 'Date'],
    shouldAdvanceTime: true,
  })
})
afterEach(() => void vi.useRealTimers())

describe('a spool on a disk that fails', () => {
  it('says once that its directory is missing, keeps readings in memory, and says when it works', async () => {
    const folder = join(temporaryFolder(), 'missing')
    const path = join(folder, 'home.spool')
    const { spool, lines, close } = await openedSpool(path)
    spool.append(reading(1))
    await minute(path)
    spool.append(reading(2))
    mkdirSync(folder)
    await said(path, lines, /works/)
    expect(lines).toEqual([cannot(path, 'its directory does not exist: make it'), works(path)])
    close()
    expect(await valuesIn(path)).toEqual([1, 2])
  })

  it('takes up what an earlier run left when it can be read only later', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'home.spool')
    const first = await openedSpool(path)
    first.spool.append(reading(1))
    first.close()
    await unlocked(path)
    const content = readFileSync(path)
    writeFileSync(path, 'not yet')

    const second = await openedSpool(path)
    second.spool.append(reading(2))
    writeFileSync(path, content)
    await said(path, second.lines, /works/)
    expect(second.lines.slice(1)).toEqual([
      `info: ${path}: readings of an earlier run are delivered after the next start: 1`,
      works(path),
    ])
    second.close()
    expect(await valuesIn(path)).toEqual([1, 2])
  })

  it.skipIf(!isRoot)('loses nothing when the disk is full for a while', async () => {
    const disk = smallDisk()
    const path = join(disk, 'home.spool')
    const { spool, lines, close } = await openedSpool(path)
    spool.append(reading(0))
    await vi.waitUntil(() => readFileSync(path).length > 100)
    expect(() => writeFileSync(join(disk, 'big'), Buffer.alloc(100_000))).toThrow('ENOSPC')
    const values = Array.from({ length: 300 }, (_, value) => value)
    for (const value of values.slice(1)) spool.append(reading(value))
    await said(path, lines, /cannot/)
    await minute(path)
    rmSync(join(disk, 'big'))
    await said(path, lines, /works/)
    expect(lines).toEqual([cannot(path, 'the disk is full: make room on it'), works(path)])
    close()
    expect(await valuesIn(path)).toEqual(values)
  })

  it.skipIf(!isRoot)(
    'delivers from a disk that has become read-only, and tells one fault from another',
    async () => {
      const disk = smallDisk()
      const path = join(disk, 'home.spool')
      const first = await openedSpool(path)
      first.spool.append(reading(1))
      first.close()
      await unlocked(path)
      execFileSync('mount', ['-o', 'remount,ro', disk])
      const { spool, lines } = await openedSpool(path)
      expect(spool.entries.map((entry) => entry.reading.value)).toEqual([1])
      expect(lines).toEqual([
        cannot(
          path,
          'the file system is read-only: name a path on another one, or have it mounted for writing',
        ),
      ])
    },
  )
})
