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
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})
