// npm run chaos [-- --times 100 --only NAME --seed N]: each fault so many times, with up to twenty connections at once.
// Prints a table; exits with 1 when a reading was lost, or said when it should not have been.
import { parseArgs } from 'node:util'
import { startVitest } from 'vitest/node'

const { times, only, seed } = parseArgs({
  options: {
    times: { type: 'string', default: '100' },
    only: { type: 'string' },
    seed: { type: 'string' },
  },
}).values
process.env.CHAOS_TIMES = times
if (seed) process.env.CHAOS_SEED = seed
await startVitest('test', ['test/chaos/chaos.test.ts'], {
  run: true,
  reporters: ['dot'],
  disableConsoleIntercept: true,
  ...(only && { testNamePattern: only }),
})
