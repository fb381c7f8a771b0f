import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const file = fileURLToPath(new URL('nodeTestRunner.js', import.meta.url))

/** What node:test prints when it runs tests that import "sensor-reporter/testing" as users do, and its exit code. */
function run(twice: number) {
  const { stdout, status } = spawnSync(process.execPath, ['--test', file], {
    // Within another runner's context it would report to that one, not to standard output.
    env: { ...process.env, NODE_OPTIONS: undefined, NODE_TEST_CONTEXT: undefined, TWICE: `${twice}` },
    encoding: 'utf8',
  })
  return { stdout, status }
}

describe('sensor-reporter/testing', () => {
  it('runs under node:test', () => {
    const { stdout, status } = run(2)
    expect(stdout).toContain('pass 2')
    expect(status).toBe(0)
  })

  it('says there, too, how the marbles differ', () => {
    const { stdout, status } = run(3)
    expect(stdout).toContain(
      'diagram:8: The marbles differ at frame 1: another value: expected b (3), got c (2)',
    )
    expect(stdout).toContain('expected  -b-|')
    expect(status).toBe(1)
  })
})
