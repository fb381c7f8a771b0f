import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fileFault } from '../src/fields/problems.js'
import { exposure, readSmallFile } from '../src/smallFile.js'
import { temporaryFolder } from './support/temporaryFolder.js'

const faultOf = (path: string, most?: number) => readSmallFile(path, most).then(() => 'none', fileFault)

describe('readSmallFile', () => {
  it('reads a plain file, through links too, and one of the kernel, which has no size', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'plain'), Buffer.alloc(200_000, 'x'))
    symlinkSync(join(folder, 'plain'), join(folder, 'link'))
    expect((await readSmallFile(join(folder, 'link'))).bytes).toEqual(Buffer.alloc(200_000, 'x'))
    expect((await readSmallFile('/proc/self/status')).bytes.toString()).toMatch(/^Name:/)
  })

  it('refuses at once what is no plain file', async () => {
    const folder = temporaryFolder()
    const fifo = join(folder, 'fifo')
    execFileSync('mkfifo', [fifo])
    symlinkSync('loop', join(folder, 'loop'))
    expect(await faultOf(fifo)).toBe('it is not a regular file')
    expect(await faultOf('/dev/zero')).toBe('it is not a regular file')
    expect(await faultOf(folder)).toBe('it is a folder')
    expect(await faultOf(join(folder, 'loop'))).toBe('its symbolic links go in a circle')
    expect(await faultOf(join(folder, 'none'))).toBe('there is no such file')
    expect(await faultOf('a\0b')).toBe('there is no such file')
  })

  it('neither waits for more of a file of the kernel nor reads one that is endless', async () => {
    // As root there may be a message, or none; both is well as long as nobody waits for the next one.
    await faultOf('/proc/kmsg')
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'large'), Buffer.alloc(2049))
    expect(await faultOf(join(folder, 'large'), 2048)).toBe('it has more than 2 KiB')
    expect(await faultOf(join(folder, 'large'), 2049)).toBe('none')
  })

  it.each([
    [0o600, undefined, undefined],
    [0o640, undefined, undefined],
    [0o644, undefined, 'everybody on this machine can read it: chmod o-r'],
    [
      0o666,
      'everybody on this machine can change it: chmod o-w',
      'everybody on this machine can read and change it: chmod o-rw',
    ],
    [
      0o602,
      'everybody on this machine can change it: chmod o-w',
      'everybody on this machine can change it: chmod o-w',
    ],
  ])('knows what others may do with a file of the mode %o', async (mode, open, secret) => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'folder'))
    const path = join(folder, 'folder', 'file')
    writeFileSync(path, '')
    chmodSync(path, mode)
    const file = await readSmallFile(path)
    expect(exposure(file, true)).toBe(open)
    expect(exposure(file, false)).toBe(secret)
  })
})
