import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: {
    alias: {
      'sensor-reporter/testing': new URL('src/testing/index.ts', import.meta.url).pathname,
      'sensor-reporter': new URL('src/index.ts', import.meta.url).pathname,
    },
  },
  test: {
    include: ['test/**/*.test.ts'],
    // Most tests wait for a broker, a process or a clock: one more than there are cores on a small machine.
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})
