import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freePort } from '../../src/commands/demo.js'
import { renderDiagram } from '../../src/marbles/renderDiagram.js'
import { listener } from '../support/listener.js'
import { program } from '../support/program.js'
import { userFolder } from './userFolder.js'

const read = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8')
const files = ['rain/rain.txt', 'rain/rain.js', 'rain/rain.test.js']

/** What `node --test` prints in a folder of the user's, and its exit code. */
function tested(folder: string) {
  // Under a test runner Node's own would report to that one.
  const env = { ...process.env, NODE_OPTIONS: undefined, NODE_TEST_CONTEXT: undefined }
  const { stdout, status } = spawnSync(process.execPath, ['--test', '--test-reporter=tap'], {
    cwd: folder,
    env,
    encoding: 'utf8',
  })
  return { stdout, status }
}

describe('the tutorial of marbles/README.md', () => {
  it('shows how the first try fails', () => {
    const folder = userFolder(files, {
      '    mergeMap(() => concat([1], timer(3_600_000).pipe(map(() => -1)))),\n': '',
      'scan((tips, change) => tips + change, 0)': 'scan((tips) => tips + 1, 0)',
    })
    const { stdout, status } = tested(folder)
    expect(status).toBe(1)
    const [said = ''] = / {4}rain\.txt:9: The marbles of "rain" differ.*? {6}c = .*?\n/s.exec(stdout) ?? []
    expect(said).toContain('a is missing')
    expect(read('../../marbles/README.md')).toContain(said.replaceAll(/^ {4}/gm, ''))
  })

  it('passes the test that was written first', () => {
    const { stdout, status } = tested(userFolder(files))
    expect(stdout).toMatch(/^# pass 1$/m)
    expect(status).toBe(0)
  })

  it('shows the picture of its diagram', async () => {
    expect(read('rain/rain.svg')).toBe(await renderDiagram(read('rain/rain.txt')))
    expect(read('rain/rain-dark.svg')).toBe(await renderDiagram(read('rain/rain.txt'), 'dark'))
  })

  it('ends with a sensor that reports each Enter as a tip', async () => {
    const port = await freePort(0)
    const folder = userFolder(['rain/rain.js', 'rain/rain.ini'], { 1883: `${port}` })
    const daemon = program(['run', join(folder, 'rain.ini'), '--broker'])
    await daemon.until(/connected/)
    const { until } = await listener(port, { username: 'user', password: 'password' })
    daemon.say('')
    await until('home/rain 0.3')
    daemon.say('')
    await until('home/rain 0.6')
    daemon.child.kill('SIGTERM')
    expect(await daemon.exit).toBe(0)
  })
})
