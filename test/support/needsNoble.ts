import { createRequire } from 'node:module'
import { describe } from 'vitest'

const require = createRequire(import.meta.url)

/** `describe` for what needs noble, an optional dependency: skipped with a word where it is missing, but never in CI. */
export function needsNoble(name: string, tests: () => void) {
  if (installed() || process.env['CI'] === 'true') describe(name, tests)
  else describe.skip(`${name} (SKIPPED: @abandonware/noble is not installed)`, tests)
}

function installed() {
  try {
    return require.resolve('@abandonware/noble') !== ''
  } catch {
    return false
  }
}
