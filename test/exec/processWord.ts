import { onTestFinished } from 'vitest'
import { processesWith } from './processesWith.js'

let count = 0

/** A word for the command lines of the processes of one test; what is left of them ends with the test. */
export function processWord(): string {
  const word = `word-${process.pid}-${(count += 1)}`
  onTestFinished(() => {
    for (const pid of processesWith(word)) process.kill(pid, 'SIGKILL')
  })
  return word
}
