import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { textOf } from '../../src/kernelFiles.js'
import { temporaryFolder } from '../support/temporaryFolder.js'

const kernel = fileURLToPath(new URL('kernel.js', import.meta.url))

/** A machine that has what the kernel tests need, but for the emulator: this one notes what it is to run, and never ends. */
function workbench() {
  const folder = temporaryFolder()
  const [bin, cache] = [join(folder, 'bin'), join(folder, 'cache')]
  const [guests, temporary] = [join(folder, 'guests'), join(folder, 'tmp')]
  for (const each of [bin, guests, temporary, join(cache, 'modules'), join(cache, 'root/bin')])
    mkdirSync(each, { recursive: true })
  for (const file of ['vmlinux', 'root/bin/busybox']) writeFileSync(join(cache, file), '')
  for (const tool of ['mosquitto', 'cpio', 'xz', 'gcc-12', 'make', 'dpkg-deb'])
    writeFileSync(join(bin, tool), '#!/bin/sh\ncat >/dev/null\n', { mode: 0o755 })
  const emulator = `#!/bin/sh\necho "$*" >${guests}/$$.new; mv ${guests}/$$.new ${guests}/$$\nexec sleep 1000\n`
  writeFileSync(join(bin, 'qemu-system-x86_64'), emulator, { mode: 0o755 })

  const start = (...args: string[]) => {
    const env = {
      ...process.env,
      PATH: `${bin}:${process.env['PATH']}`,
      HWSIM_CACHE: relative(process.cwd(), cache),
      TMPDIR: temporary,
    }
    const child = spawn(process.execPath, [kernel, ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] })
    const said = text(child.stderr)
    const exit = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | string)
    onTestFinished(() => void child.kill('SIGKILL'))
    return { kill: (signal: NodeJS.Signals) => child.kill(signal), exit, said }
  }
  return {
    start,
    /** The processes of the machines that were booted. */
    guests: () => readdirSync(guests).filter((name) => /^\d+$/.test(name)),
    /** What each of them was booted with. */
    commands: () => readdirSync(guests).map((name) => readFileSync(join(guests, name), 'utf8')),
    cache,
    left: () => readdirSync(temporary),
  }
}

/** Not even one that nobody has waited for yet. */
const isAlive = (process: string) => /\) [^Z]/.test(textOf(`/proc/${process}/stat`))

describe.runIf(process.platform === 'linux')('npm run kernel', () => {
  it.each([
    ['SIGTERM', 130],
    ['SIGINT', 130],
    ['SIGKILL', 'SIGKILL'],
  ] as const)('ends with its machines at %s', async (signal, code) => {
    const { start, guests, left } = workbench()
    const run = start()
    await expect.poll(guests).toHaveLength(2)
    expect(guests().filter(isAlive)).toHaveLength(2)
    run.kill(signal)
    expect(await run.exit).toBe(code)
    await expect.poll(() => guests().filter(isAlive)).toEqual([])
    expect(guests()).toHaveLength(2)
    if (code === 130) expect(left()).toEqual([])
  })

  it('runs a copy, which a build does not change, and lets nobody else use its cache meanwhile', async () => {
    const { start, guests, commands, cache } = workbench()
    const run = start('--guests', '1')
    await expect.poll(guests).toHaveLength(1)
    const [command] = commands()
    expect(command).toContain(`guest.cache=${cache} `)
    const [, guest = ''] = /guest\.run=[^|]+\|([^|]+)/.exec(command ?? '') ?? []
    expect(guest).not.toBe(fileURLToPath(new URL('guest.js', import.meta.url)))
    for (const file of ['.', '../../dist/cli.js', '../../node_modules/mqtt'])
      expect(existsSync(join(guest, '..', file))).toBe(true)
    const other = start()
    expect(await other.exit).toBe(2)
    expect(await other.said).toMatch(/another npm run kernel uses .*: wait until it ends/)
    run.kill('SIGTERM')
    await run.exit
    const next = start()
    await expect.poll(guests).toHaveLength(3)
    next.kill('SIGTERM')
    expect(await next.exit).toBe(130)
  })

  it.each([
    [['--guests', 'many'], /expected a number of machines after --guests, got "many"/],
    [['no such case'], /expected a part of the name of a case, got "no such case"/],
  ])('refuses %s', async (args, reason) => {
    const run = workbench().start(...args)
    expect(await run.exit).toBe(2)
    expect(await run.said).toMatch(reason)
  })
})
