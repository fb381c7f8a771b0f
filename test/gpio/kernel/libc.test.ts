import { execFileSync } from 'node:child_process'
import { closeSync, constants, openSync, writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { libc } from '../../../src/gpio/kernel/libc.js'
import { requests } from '../../../src/gpio/kernel/uapi.js'
import { kernelFiles } from '../../support/kernelFiles.js'

const isInstalled = () => {
  try {
    return createRequire(import.meta.url)('koffi') !== undefined
  } catch {
    return false
  }
}

const open = (path: string) => {
  const fd = openSync(path, constants.O_RDWR)
  onTestFinished(() => closeSync(fd))
  return fd
}

describe.skipIf(process.platform !== 'linux' || (!isInstalled() && process.env['CI'] !== 'true'))(
  'libc',
  () => {
    it('says what the kernel has against a request', () => {
      expect(() => libc().ioctl(open('/dev/null'), requests.chipInfo, Buffer.alloc(68))).toThrow(
        expect.objectContaining({ code: 'ENOTTY', message: 'ioctl failed: ENOTTY' }),
      )
    })

    it('reads what is there, without waiting for more', () => {
      const { root } = kernelFiles({})
      execFileSync('mkfifo', [join(root, 'pipe')])
      const fd = open(join(root, 'pipe'))
      libc().setNonBlocking(fd)
      const into = Buffer.alloc(8)
      expect(libc().read(fd, into)).toBe(0)
      writeSync(fd, 'edge')
      expect(libc().read(fd, into)).toBe(4)
      expect(into.toString('utf8', 0, 4)).toBe('edge')
    })

    it('says what is wrong with a read', () => {
      expect(() => libc().read(-1, Buffer.alloc(1))).toThrow(expect.objectContaining({ code: 'EBADF' }))
    })
  },
)
