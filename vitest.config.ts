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
    include: ['test/**/*.test.ts'],
    // Most tests wait for a broker, a process or a clock: one more than there are cores on a small machine.
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})
