// Runs in a guest: guest.js SUBJECT NUMBER,NUMBER… runs cases of a subject one after the other, each on a stand of its own.
import { chmodSync, realpathSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { subjects } from './cases/subjects.js'
import { program } from './daemon.js'
import { openStand } from './stand.js'

const [subject, numbers] = process.argv.slice(2)
const cases = Object.values(subjects[subject])
const began = performance.now()
const note = (line) => console.log(`${((performance.now() - began) / 1000).toFixed(1)} ${line}`)
/** For `kernel.js`, that reads the console. */
const tell = (message) => console.log(`\n@@${JSON.stringify(message)}`)

/** How long a case may take, and how long taking down its stand, ms. */
const [longest, closing] = [240_000, 30_000]

const within = (time, what, promise) =>
  Promise.race([
    promise,
    setTimeout(time, undefined, { ref: false }).then(() => {
      throw new Error(`expected ${what} to end within ${time / 1000} s`)
    }),
  ])

// Who is not root here must find the program, its packages and its Node, wherever somebody keeps them; the host does not notice.
const packages = realpathSync(new URL('../../node_modules', import.meta.url))
for (const path of [program, packages, process.execPath])
  for (let folder = dirname(path); folder !== '/'; folder = dirname(folder))
    chmodSync(folder, statSync(folder).mode | 0o5)

for (const number of numbers.split(',').map(Number)) {
  tell({ begins: number })
  let fault
  let stand
  let isClean = false
  const attempt = async () => {
    stand = await openStand(note)
    await cases[number](stand)
  }
  try {
    await within(longest, 'the case', attempt())
  } catch (error) {
    fault = error.message
    note(error.stack)
  }
  try {
    await within(closing, 'the stand', stand?.close())
    isClean = stand !== undefined
  } catch (error) {
    fault ??= error.message
    note(error.stack)
  }
  tell({ ends: number, fault })
  // The others get a machine that nothing is left in.
  if (!isClean) break
}
process.exit()
