import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const source = (file: string) => fileURLToPath(new URL(`src/${file}`, import.meta.url))

/** They measure heap, handles or the clock of their process, or change its modules: each has one of its own. */
const apart = [
  'test/chaos/*.test.ts',
  'test/soak/*.test.ts',
  'test/radio/soak.test.ts',
  'test/commands/marble.test.ts',
]

export default defineConfig({
  resolve: {
    alias: {
      'sensor-reporter/testing': source('testing/index.ts'),
      'sensor-reporter': source('index.ts'),
    },
  },
  test: {
    // Most tests wait for a broker, a process or a clock: more than there are cores on a small machine.
    maxWorkers: 4,
    // Only a test that hangs is to be ended by them.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
    setupFiles: ['test/support/patience.ts'],
    projects: [
      {
        extends: true,
        // Half of the time would go into loading the same modules anew for each file.
        test: { name: 'together', include: ['test/**/*.test.ts'], exclude: apart, isolate: false },
      },
      { extends: true, test: { name: 'apart', include: apart } },
    ],
  },
})
