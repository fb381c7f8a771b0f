import { execFileSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { temporaryFolder } from '../support/temporaryFolder.js'
import type { Fault } from './faults.js'

const disks = new Map<number, string>()

/** A disk of 256 KiB. */
function smallDisk(index: number): string {
  const folder = temporaryFolder()
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', folder])
  onTestFinished(() => void execFileSync('umount', ['--lazy', folder]))
  disks.set(index, folder)
  return folder
}

/** There is no room for what is kept while the broker is away. */
const fullDisk: Fault = {
  name: 'disk full for the spool',
  options: (index) => ({
    connection: {
      delivery: { spool: 'spool' },
      spools: { spool: join(smallDisk(index), 'spool') },
      spoolSize: 65_536,
    },
  }),
  strike: async ({ index, wire, random }) => {
    const big = join(disks.get(index) ?? '', 'big')
    wire.weather.refuse = true
    wire.cut()
    try {
      writeFileSync(big, Buffer.alloc(300_000))
    } catch {
      // That is the point.
    }
    await pause(random.between(500, 2500))
    rmSync(big, { force: true })
    wire.clear()
  },
}

/** Only root can make a disk that is soon full. */
export const diskFaults: readonly Fault[] = process.getuid?.() === 0 ? [fullDisk] : []
