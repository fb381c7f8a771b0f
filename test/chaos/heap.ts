import { setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Bytes of memory that are in use. */
export async function heap(): Promise<number> {
  await turn()
  collectGarbage()
  return process.memoryUsage().heapUsed
}
