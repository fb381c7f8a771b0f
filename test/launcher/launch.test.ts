import { execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { mosquitto, mosquittoMissing } from '../support/mosquitto.js'
import { program, temporaryFile } from '../support/program.js'
import { seed } from '../support/seed.js'
import { webSocketGateway } from '../support/webSocketGateway.js'

const home = fileURLToPath(new URL('../..', import.meta.url))
const hook = fileURLToPath(new URL('hook.js', import.meta.url))

/** What the hook says of a program. */
async function hooked(args: readonly string[]): Promise<{ stack: string; loaded: string[] }> {
  const line = await program(args, { NODE_OPTIONS: `--import ${hook}` }).until(/^\{"stack"/)
  return JSON.parse(line) as { stack: string; loaded: string[] }
}

/** A copy of the built program, as npm installs it: called by a symbolic link, and not yet started. */
function installed() {
  const folder = mkdtempSync(join(tmpdir(), 'sensor-reporter-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const isCache = (path: string) => path.endsWith('.cache')
  cpSync(join(home, 'dist'), join(folder, 'dist'), { recursive: true, filter: (path) => !isCache(path) })
  symlinkSync(join(home, 'node_modules'), join(folder, 'node_modules'))
  symlinkSync(join(folder, 'dist/cli.js'), join(folder, 'sensor-reporter'))
  const run = (...args: string[]) =>
    execFileSync(process.execPath, [join(folder, 'sensor-reporter'), ...args], { encoding: 'utf8' })
  const caches = () =>
    readdirSync(join(folder, 'dist/program'))
      .filter(isCache)
      .map((name) => join(folder, 'dist/program', name))
  /** Lets a daemon run until it has kept its compiled code. */
  const firstStart = async () => {
    const args = [join(folder, 'sensor-reporter'), temporaryFile('seed.ini', seed(1))]
    const daemon = spawn(process.execPath, [...args, '--replay', '-'], {
      stdio: ['pipe', 'ignore', 'inherit'],
    })
    onTestFinished(() => void daemon.kill('SIGKILL'))
    const [cache = ''] = await expect.poll(caches, { timeout: 20_000 }).toHaveLength(1).then(caches)
    return cache
  }
  return { run, caches, firstStart }
}

describe('the program', () => {
  it('loads nothing that its configuration does not use', async () => {
    const { loaded } = await hooked([temporaryFile('seed.ini', seed(1)), '--replay', '-'])
    const unused =
      /NativeModule (tls|crypto|child_process|dgram|https?|zlib|perf_hooks)$|node_modules|(commandLine|webSocketStream)\.js/
    expect(loaded.filter((name) => unused.test(name))).toEqual([])
  })

  it.skipIf(mosquittoMissing)('loads WebSockets for a connection that uses them', async () => {
    const broker = await mosquitto()
    await broker.start()
    const { port } = await webSocketGateway(broker.port)
    const overWebSockets = seed(port, { 'TLS = NO': 'Transport = ws' })
    const { until } = program([temporaryFile('seed.ini', overWebSockets), '--replay', '-'])
    await expect(until(/connected to broker/)).resolves.toBeDefined()
  })

  it('says in stack traces where in its sources something happened', async () => {
    const { stack } = await hooked(['check', temporaryFile('seed.ini', seed(1))])
    expect(stack).toMatch(/^Error: who writes\?\n/)
    const [, file = '', line] = /^ {4}at (.*\/src\/commands\/check\.ts):(\d+):\d+$/m.exec(stack) ?? []
    expect(readFileSync(file, 'utf8').split('\n')[Number(line) - 1]).toContain('console.log(')
  })

  it('starts through a symbolic link, and keeps nothing of a command that is done at once', () => {
    const { run, caches } = installed()
    expect(run('--version')).toMatch(/^\d+\.\d+\.\d+\n$/)
    expect(caches()).toEqual([])
  })

  it('keeps the compiled code of the first daemon, and starts with it, or without if it is spoiled', async () => {
    const { run, firstStart } = installed()
    const cache = await firstStart()
    expect(run('--version')).toMatch(/^\d/)
    for (const spoiled of [Buffer.alloc(10_000), Buffer.from('rubbish!'), Buffer.alloc(0)]) {
      writeFileSync(cache, spoiled)
      expect(run('--version')).toMatch(/^\d/)
    }
  })
})
