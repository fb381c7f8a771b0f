import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const source = (file: string) => fileURLToPath(new URL(`src/${file}`, import.meta.url))

export default defineConfig({
  resolve: {
    alias: {
      'sensor-reporter/testing': source('testing/index.ts'),
      'sensor-reporter': source('index.ts'),
    },
  },
  test: {
    // Most tests wait for a broker, a process or a clock: one more than there are cores on a small machine.
    maxWorkers: 3,
    // Only a test that hangs is to be ended by them.
    testTimeout: 90_000,
    hookTimeout: 90_000,
    expect: { poll: { timeout: 60_000 } },
    setupFiles: ['test/support/patience.ts'],
    include: ['test/**/*.test.ts'],
  },
})
