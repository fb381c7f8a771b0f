// Loaded into the program by `node --import`: what is in a folder "hung" does not answer, as on a network share that is gone. A thread
// of Node waits for it in the kernel, until somebody opens the FIFO that HANGING_SHARE names for writing.
import { promises } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const { open, stat } = promises
for (const [name, real] of Object.entries({ open, stat }))
  promises[name] = async (path, ...more) => {
    if (/\/hung(\/|$)/.test(String(path))) await (await open(process.env.HANGING_SHARE ?? '')).close()
    return real(path, ...more)
  }
syncBuiltinESMExports()
