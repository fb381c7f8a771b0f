import { execFileSync } from 'node:child_process'
import { chmodSync, constants, closeSync, mkdirSync, openSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { certificates, opensslMissing } from '../support/certificates.js'
import { program, temporaryFile } from '../support/program.js'
import { seed } from '../support/seed.js'

const local = `[Connection1]
Class = local.local_conn.LocalConnection
Name = local
`

/** A sensor whose `Num-Dest` is a secret. */
const heartbeat = (destination: string) => `${local}[Sensor1]
Class = heartbeat.heartbeat.Heartbeat
Poll = 60
Num-Dest = ${destination}
Str-Dest = text
`

/** The same, and one that says that it runs. */
const running = (destination: string) => `${heartbeat(destination)}[Sensor2]\nClass = ./own.mjs#Own\n`

const own = `export const Own = {
  kind: 'sensors',
  summary: 'It says that it runs.',
  options: { shape: {}, safeParse: (data) => ({ success: true, data }) },
  create: (options, { log }) => {
    log.info('it runs')
    return new Promise(() => undefined)
  },
}`

/** The configuration, in a folder where there are a FIFO, a folder, and one that is on a share. */
function configuration(text: string) {
  const file = temporaryFile('x.ini', text)
  const at = (name: string) => join(dirname(file), name)
  execFileSync('mkfifo', [at('fifo'), at('share')])
  mkdirSync(at('folder'))
  mkdirSync(at('hung'))
  writeFileSync(at('own.mjs'), own, { mode: 0o644 })
  return { file, at, write: (changed: string) => writeFileSync(file, changed) }
}

/** Runs the program until it ends by itself: its exit code and what it says of a problem. */
async function ended(args: readonly string[], env: Record<string, string> = {}) {
  const run = program(args, env)
  const exit = await run.exit
  return { exit, problems: run.lines.flatMap((line) => /\b(?:error|warning): .*$/.exec(line)?.[0] ?? []) }
}

describe('what is no plain file', () => {
  it.each(['fifo', 'folder', '/dev/zero', 'none'])('is refused as a configuration: %s', async (name) => {
    const { at } = configuration('')
    const path = name.startsWith('/') ? name : at(name)
    const problem =
      /^error: cannot read the configuration: (it is not a regular file|it is a folder|there is no such)/
    const checked = await ended(['check', path])
    expect(checked).toEqual({ exit: 1, problems: [expect.stringMatching(problem)] })
    const run = await ended(['run', path, '--replay', '-'])
    expect(run).toEqual({ exit: 3, problems: [expect.stringMatching(problem)] })
  })

  it.each(['fifo', 'folder', '/dev/zero', '/dev/tty', '/proc/self/mem', 'none'])(
    'is refused as a secret: %s',
    async (name) => {
      const { file } = configuration(heartbeat(`\${file:${name}}`))
      const { exit, problems } = await ended(['run', file, '--replay', '-'])
      expect(problems[0]).toMatch(/^error: \[Sensor1\] Num-Dest: cannot read the file /)
      expect(exit).toBe(3)
    },
  )

  it('is refused as a secret of the kernel that is read by waiting for it', async () => {
    const { file } = configuration(heartbeat('${file:/proc/kmsg}'))
    expect([0, 1]).toContain((await ended(['check', file])).exit)
  })

  it.each(['fifo', 'folder'])('is refused as a plug-in: %s', async (name) => {
    const { file, at, write } = configuration('')
    renameSync(at(name), at('other.mjs'))
    write(`${local}[Sensor1]\nClass = ./other.mjs#Own\n`)
    const { exit, problems } = await ended(['run', file, '--replay', '-'])
    expect(problems[0]).toMatch(/^error: \[Sensor1\] Class: .*(it is not a regular file|it is a folder)/)
    expect(exit).toBe(3)
  })

  it.each(['CAcert', 'Cert', 'Key'])('is refused as %s', async (key) => {
    const { file, at, write } = configuration('')
    const others = ['Cert', 'Key'].filter((name) => name !== key).map((name) => `${name} = ${at('none')}`)
    write(seed(1, { 'TLS = NO': ['TLS = YES', `${key} = ${at('fifo')}`, ...others].join('\n') }))
    const { exit, problems } = await ended(['run', file, '--replay', '-'])
    expect(problems).toContainEqual(
      expect.stringMatching(new RegExp(`^error: \\[Connection1\\] ${key}: .*it is not a regular file$`)),
    )
    expect(exit).toBe(3)
  })

  it('leaves the old configuration running at a reload, which ends when it is told to', async () => {
    const { at, file, write } = configuration(running('number'))
    const daemon = program(['run', file, '--replay', '-'])
    await daemon.until(/it runs/)
    for (const broken of [() => write(running('${file:fifo}')), () => renameSync(at('fifo'), file)]) {
      broken()
      const start = daemon.lines.length
      daemon.child.kill('SIGHUP')
      await daemon.until(/the configuration read before goes on/, start)
    }
    daemon.child.kill('SIGTERM')
    expect(await daemon.exit).toBe(0)
  })
})

describe('a network share that does not answer', () => {
  const preload = new URL('../support/hangingShare.js', import.meta.url).href

  async function started() {
    const configured = configuration(running('number'))
    const env = { NODE_OPTIONS: `--import ${preload}`, HANGING_SHARE: configured.at('share') }
    const daemon = program(['run', configured.file, '--replay', '-'], env)
    await daemon.until(/it runs/)
    const reload = async (destination: string, pattern: RegExp) => {
      configured.write(running(destination))
      const start = daemon.lines.length
      daemon.child.kill('SIGHUP')
      await daemon.until(pattern, start)
      return daemon.lines.slice(start).filter((line) => line.includes('error: '))
    }
    return { ...configured, daemon, reload }
  }

  it('is said, and neither what runs nor the next reload waits for it', async () => {
    const { at, daemon, reload } = await started()
    const refused = /the configuration read before goes on/
    expect(await reload('${file:hung/secret}', refused)).toEqual([
      expect.stringMatching(
        /\[Sensor1\] Num-Dest: cannot read the file hung\/secret: it does not answer: is it on a network share that is gone/,
      ),
    ])
    // There is no second attempt that would hold another thread: this one comes back at once.
    await reload('${file:hung/other}', refused)
    expect(await reload('mended', /has been read again/)).toEqual([])

    writeFileSync(at('hung/secret'), 'topic', { mode: 0o600 })
    const back = openSync(at('share'), constants.O_WRONLY)
    // Until the first attempt has come back it may be refused still.
    const done = /has been read again|the configuration read before goes on/
    while ((await reload('${file:hung/secret}', done)).length > 0);
    closeSync(back)
    daemon.child.kill('SIGTERM')
    expect(await daemon.exit).toBe(0)
  })

  it('does not make the program deaf to SIGTERM', async () => {
    const { daemon, write } = await started()
    write(running('${file:hung/secret}'))
    daemon.child.kill('SIGHUP')
    daemon.child.kill('SIGTERM')
    await daemon.until(/stopped/)
    expect(daemon.lines.join('\n')).not.toContain('does not answer')
    expect(await daemon.exit).toBe(0)
  })
})

describe('the exit code', () => {
  it.each([
    ['a secret is not there', heartbeat('${file:none}'), 3],
    ['an environment variable is not there', heartbeat('${env:NOBODY_HAS_THIS}'), 3],
    ['a secret is empty as yet', heartbeat('${file:empty}'), 3],
    // A regular file of the kernel, of which the first bytes cannot be read: EIO.
    ['a secret is on a disk that fails', heartbeat('${file:/proc/self/mem}'), 3],
    ['a plug-in is not there', `${local}[Sensor1]\nClass = ./none.mjs#Own\n`, 3],
    ['a package is not there', `${local}[Sensor1]\nClass = nobody-has-this#Own\n`, 3],
    ['a plug-in fails while it is loaded', `${local}[Sensor1]\nClass = ./throws.mjs#Own\n`, 3],
    ['a plug-in is no JavaScript', `${local}[Sensor1]\nClass = ./syntax.mjs#Own\n`, 1],
    ['a plug-in has no such name', `${local}[Sensor1]\nClass = ./none-such.mjs#Own\n`, 1],
    ['a brace is missing', heartbeat('${file:none'), 1],
    ['the text is wrong as well', heartbeat('${file:none}').replace('60', 'often'), 1],
    ['the file is not UTF-8', Buffer.from([0x5b, 0xff]), 1],
  ])('when %s', async (_, text, code) => {
    const file = temporaryFile('x.ini', text)
    for (const [name, content] of Object.entries({
      empty: '',
      'throws.mjs': 'throw new Error("not yet")',
      'syntax.mjs': 'const x = = 1',
      'none-such.mjs': 'export const Other = 1',
    }))
      writeFileSync(join(dirname(file), name), content, { mode: 0o600 })
    const { exit, problems } = await ended(['run', file, '--replay', '-'])
    expect(problems).not.toEqual([])
    expect(exit).toBe(code)
  })

  it('when the file itself cannot be read for now', async () => {
    const { exit, problems } = await ended(['run', '/proc/self/mem', '--replay', '-'])
    expect(problems).toEqual([expect.stringContaining('the disk or the share fails (EIO)')])
    expect(exit).toBe(3)
  })
})

describe.skipIf(opensslMissing)('a warning', () => {
  if (opensslMissing) return
  const { selfSigned } = certificates()
  const { cert, key } = selfSigned('own')

  it('is given of what others can change, and of secrets and keys that others can read', async () => {
    const { file, at, write } = configuration('')
    writeFileSync(at('secret'), 'user')
    writeFileSync(at('own.mjs'), 'export const Own = 1')
    write(
      `${seed(1, {
        'TLS = NO': `TLS = YES\nCAcert = ${cert}\nCert = ${cert}\nKey = ${key}`,
        'User = user': 'User = ${file:secret}',
      })}[Sensor1]\nClass = ./own.mjs#Own\n`,
    )
    const warnings = async (mode: number) => {
      for (const path of [file, at('secret'), cert, key]) chmodSync(path, mode)
      return (await ended(['check', file])).problems.filter((line) => line.startsWith('warning'))
    }
    expect(await warnings(0o600)).toEqual([])
    const read = (await warnings(0o644)).map((line) => line.replace('warning: [Connection1] ', ''))
    expect(read).toEqual([
      'User: of the file secret, everybody on this machine can read it: chmod o-r',
      expect.stringMatching(/^Password: everybody on this machine can read it/),
      'Key: everybody on this machine can read it: chmod o-r',
    ])
    const change = (await warnings(0o602)).map((line) => line.replace('warning: ', ''))
    const may = 'everybody on this machine can change it: chmod o-w'
    expect(change).toEqual([
      may,
      `[Connection1] User: of the file secret, ${may}`,
      ...['CAcert', 'Cert', 'Key'].map((name) => `[Connection1] ${name}: ${may}`),
    ])
  })

  it('is given of a plug-in that others can change', async () => {
    const { file, at, write } = configuration('')
    write(`${local}[Sensor1]\nClass = ./own.mjs#Own\n`)
    const warnings = async (mode: number) => {
      chmodSync(at('own.mjs'), mode)
      return (await ended(['check', file])).problems
    }
    expect(await warnings(0o644)).toEqual([])
    expect(await warnings(0o646)).toEqual([
      `warning: [Sensor1] Class: of the file ${at('own.mjs')}, everybody on this machine can change it: chmod o-w`,
    ])
  })
})
