import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { SourceMap, type SourceMapPayload } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { journal } from './support/journal.js'
import { mosquitto, mosquittoMissing } from './support/mosquitto.js'
import { program, temporaryFile } from './support/program.js'
import { seed } from './support/seed.js'
import { webSocketGateway } from './support/webSocketGateway.js'

const home = fileURLToPath(new URL('..', import.meta.url))
const cli = join(home, 'dist/cli.js')
const firstWrite = {
  NODE_OPTIONS: `--import ${new URL('support/firstWrite.js', import.meta.url).href}`,
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sensor-reporter-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

/** The source map beside a file of the program, with the sources as paths; what is of packages alone needs none. */
function sourceMap(script: string): SourceMapPayload {
  const none = '{"version":3,"sources":[],"names":[],"mappings":""}'
  const text = existsSync(`${script}.map`) ? readFileSync(`${script}.map`, 'utf8') : none
  const map = JSON.parse(text) as SourceMapPayload
  return { ...map, sources: map.sources.map((source) => resolve(dirname(script), source)) }
}

const isOwn = (source: string) => source.startsWith(join(home, 'src/'))

/** The line of a source file, counted from 1. */
const lineOf = (file: string, line: number) => readFileSync(file, 'utf8').split('\n')[line - 1] ?? ''

/** The first place in our sources that a stack trace names. */
function firstOwnLine(stack: string) {
  const places = [...stack.matchAll(/\bat .*?(\/[^()\n]*\.ts):(\d+):\d+\)?$/gm)]
  const [, file = '', line] = places.find(([, file = '']) => isOwn(file)) ?? []
  return { file: relative(home, file), text: file && lineOf(file, Number(line)) }
}

describe('the program', () => {
  it('loads nothing that its configuration does not use', async () => {
    const args = [temporaryFile('seed.ini', seed(1)), '--replay', '-']
    const written = await program(args, firstWrite).until(/^\{"stack"/)
    const { builtins, files } = JSON.parse(written) as { builtins: string[]; files: string[] }
    expect(builtins.filter((name) => /^(https?|http2|readline|repl|worker_threads)$/.test(name))).toEqual([])
    expect(files.filter((file) => !file.startsWith(join(home, 'dist/')))).toEqual([])
    const sources = files.flatMap((file) => sourceMap(file).sources).map((source) => relative(home, source))
    expect(sources).toContain('src/mqtt/mqttConnection.ts')
    const unused = [
      /^src\/(doctor|exec|heartbeat|i2c|local|marbles|network|one_wire|sysfs|testing)\//,
      /^src\/commands\/(check|decode|demo|doctor|help|marble|newSensor|record|scan)\./,
      /^src\/gpio\/rpi|webSocketStream|^node_modules\/(ws|shlex)\//,
    ]
    expect(sources.filter((source) => unused.some((pattern) => pattern.test(source)))).toEqual([])
  })

  it('reads its command line in any order, and says what is wrong with it', async () => {
    const missing = /no\/home\.(ini|conf): error: cannot read the configuration/
    const outcomes: [string, number, RegExp][] = [
      ['no/home.ini', 3, missing],
      ['no/home.conf', 3, missing],
      ['run no/home.conf', 3, missing],
      ['no/home.ini --replay -', 3, missing],
      ['no/home.ini --replay=- --speed max', 3, missing],
      ['run --replay CAPTURE --broker no/home.ini --simulate', 3, missing],
      ['no/home.ini --replay', 2, /'--replay <FILE\|->' argument missing/],
      ['no/home.ini --replay - --simulate', 2, /--simulate reads standard input, and so does --replay -/],
    ]
    await Promise.all(
      outcomes.map(async ([line, code, pattern]) => {
        const { exit, lines } = program(line.split(' ').map((word) => (word === 'CAPTURE' ? cli : word)))
        expect([line, await exit]).toEqual([line, code])
        expect(lines.join('\n')).toMatch(pattern)
      }),
    )
  })

  it.skipIf(mosquittoMissing)('loads WebSockets for a connection that uses them', async () => {
    const broker = await mosquitto()
    await broker.start()
    const { port } = await webSocketGateway(broker.port)
    const overWebSockets = seed(port, { 'TLS = NO': 'Transport = ws' })
    const { until } = program([temporaryFile('seed.ini', overWebSockets), '--replay', '-'])
    await expect(until(/connected to broker/)).resolves.toBeDefined()
  })

  it('starts through a symbolic link, and leaves nothing behind', () => {
    const folder = temporaryFolder()
    cpSync(join(home, 'dist'), join(folder, 'dist'), { recursive: true })
    symlinkSync(join(folder, 'dist/cli.js'), join(folder, 'sensor-reporter'))
    const files = () => readdirSync(folder, { recursive: true })
    const before = files()
    const env = { ...process.env, HOME: folder, XDG_CACHE_HOME: join(folder, 'cache') }
    const run = execFileSync(process.execPath, [join(folder, 'sensor-reporter'), '--version'], { env })
    expect(run.toString()).toMatch(/^\d+\.\d+\.\d+\n$/)
    expect(files()).toEqual(before)
  })
})

describe('demo', () => {
  const copy = (folder: string, files: readonly string[]) => {
    mkdirSync(folder)
    for (const file of ['dist', 'package.json', ...files])
      cpSync(join(home, file), join(folder, file), { recursive: true })
    symlinkSync(join(home, 'node_modules'), join(folder, 'node_modules'))
    return spawnSync(process.execPath, [join(folder, 'dist/cli.js'), 'demo', '--for', '3'], {
      encoding: 'utf8',
    })
  }

  it('shows its sensors in a folder with a space and an umlaut in its name', () => {
    const { stdout, status } = copy(join(temporaryFolder(), 'ein Größeres'), ['config'])
    expect(stdout).toContain('GVH5075_170C/temp_c')
    expect(status).toBe(0)
  })

  it('says that its recording cannot be played, and ends with 3', () => {
    const { stderr, status } = copy(join(temporaryFolder(), 'less'), ['config/sensor_reporter.ini'])
    expect(stderr).toMatch(/The recording of the demo cannot be played: .*demo\.jsonl/)
    expect(status).toBe(3)
  })
})

describe('what happens in the program is found in its TypeScript sources:', () => {
  const check = () => ['check', temporaryFile('seed.ini', seed(1))]

  it('the lines of a stack trace', async () => {
    const written = await program(check(), firstWrite).until(/^\{"stack"/)
    const { stack } = JSON.parse(written) as { stack: string }
    expect(stack).toMatch(/^Error: who writes\?\n/)
    const { file, text } = firstOwnLine(stack)
    expect(file).toBe('src/commands/check.ts')
    expect(text).toContain('console.log(')
  })

  it('the lines of an error that nobody has caught', async () => {
    const { exit, lines } = program(check(), { ...firstWrite, CRASH: 'yes' })
    expect(await exit).toBe(1)
    const { file, text } = firstOwnLine(lines.join('\n'))
    expect(file).toBe('src/commands/check.ts')
    expect(text).toContain('console.log(')
  })

  it('the lines of an error for which the daemon gives up, at the level DEBUG', async () => {
    const config = temporaryFile('seed.ini', seed(1, { 'Level = INFO': 'Level = DEBUG' }))
    const { exit, lines } = program([config, '--replay', '-'], { ...firstWrite, CRASH: 'yes' })
    expect(await exit).toBe(3)
    expect(lines.some((line) => line.includes('giving up: Error: who writes?'))).toBe(true)
    expect(firstOwnLine(lines.join('\n')).file).toMatch(/^src\/logging\//)
  })

  it('the functions of a CPU profile', () => {
    const folder = temporaryFolder()
    const flags = ['--cpu-prof', '--cpu-prof-dir', folder, '--cpu-prof-interval', '100']
    execFileSync(process.execPath, [...flags, cli, ...check()])
    const [profile = ''] = readdirSync(folder)
    const { nodes } = JSON.parse(readFileSync(join(folder, profile), 'utf8')) as CpuProfile
    const source = join(home, 'src/commands/check.ts')
    const entries = nodes
      .map(({ callFrame }) => callFrame)
      .filter(({ functionName, url }) => functionName === 'check' && url.includes('/dist/program/'))
      .map(({ url, lineNumber, columnNumber }) =>
        new SourceMap(sourceMap(fileURLToPath(url))).findEntry(lineNumber, columnNumber),
      )
    const lines = entries.map((entry) =>
      'originalLine' in entry && entry.originalSource === source
        ? lineOf(source, entry.originalLine + 1)
        : '',
    )
    expect(lines).toContainEqual(expect.stringContaining('function check('))
  })

  it('the scripts that a debugger sees', async () => {
    const child = spawn(process.execPath, ['--inspect-brk=127.0.0.1:0', cli, ...check()])
    const closed = once(child, 'close')
    onTestFinished(async () => {
      child.kill('SIGKILL')
      await closed
    })
    const lines = journal<string>()
    createInterface(child.stderr).on('line', lines.add)
    const listening = await lines.until((line) => line.includes('ws://'))
    const socket = new WebSocket(/ws:\S+/.exec(listening)?.[0] ?? '')
    const messages = journal<DebuggerMessage>()
    socket.on('message', (data: Buffer) => messages.add(JSON.parse(data.toString()) as DebuggerMessage))
    await once(socket, 'open')
    const send = (method: string) => socket.send(JSON.stringify({ id: 1, method }))
    send('Debugger.enable')
    send('Runtime.runIfWaitingForDebugger')
    await messages.until(({ method }) => method === 'Debugger.paused')
    send('Debugger.resume')
    const source = join(home, 'src/commands/check.ts')
    const { params } = await messages.until(({ params }) => {
      const { url = '' } = params ?? {}
      return url.includes('/dist/program/') && sourceMap(fileURLToPath(url)).sources.includes(source)
    })
    expect(params?.sourceMapURL).toBe(basename(`${params?.url ?? ''}.map`))
  })
})

interface DebuggerMessage {
  readonly method?: string
  readonly params?: { readonly url?: string; readonly sourceMapURL?: string }
}

interface CpuProfile {
  readonly nodes: readonly {
    readonly callFrame: {
      readonly functionName: string
      readonly url: string
      readonly lineNumber: number
      readonly columnNumber: number
    }
  }[]
}
