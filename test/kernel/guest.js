// Runs in a guest: guest.js SUBJECT NUMBER,NUMBER… runs cases of a subject one after the other, each on a stand of its own.
import { setTimeout } from 'node:timers/promises'
import { subjects } from './cases/subjects.js'
import { openStand } from './stand.js'

const [subject, numbers] = process.argv.slice(2)
const cases = Object.entries(subjects[subject])
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

for (const number of numbers.split(',').map(Number)) {
  const [name, run] = cases[number]
  tell({ begins: number })
  let fault
  let stand
  const attempt = async () => {
    stand = await openStand(note)
    await run(stand)
  }
  try {
    await within(longest, 'the case', attempt())
  } catch (error) {
    fault = error.message
    note(error.stack)
  }
  try {
    await within(closing, 'the stand', stand?.close())
  } catch (error) {
    fault ??= error.message
    note(error.stack)
  }
  tell({ ends: number, name, fault })
}
process.exit()
