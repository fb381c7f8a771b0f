import { execFileSync } from 'node:child_process'
import { closeSync, constants, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { temporaryFolder } from './temporaryFolder.js'

/** A folder that does not answer, as on a network share that is gone, until it is `freed`. Each attempt holds a thread of Node. */
export async function silentShare() {
  const folder = join(temporaryFolder(), 'hung')
  mkdirSync(folder)
  const fifo = `${folder}.fifo`
  execFileSync('mkfifo', [fifo])
  process.env.HANGING_SHARE = fifo
  await import(new URL('./hangingShare.js', import.meta.url).href)
  let writer: number | undefined
  const free = () => (writer ??= openSync(fifo, constants.O_RDWR))
  onTestFinished(() => closeSync(free()))
  return { folder, free }
}
