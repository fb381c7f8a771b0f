import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { Subject, type Subscription } from 'rxjs'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { lasting } from '../../src/logging/openLogging.js'
import type { LogRecord } from '../../src/logging/records.js'
import { syslog } from '../../src/logging/syslog.js'

let folder: string
let socket: string
let said: string[]
let records$: Subject<LogRecord>
let running: Subscription

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'syslog-'))
  socket = join(folder, 'log')
  said = []
  records$ = new Subject()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllEnvs()
  running.unsubscribe()
  rmSync(folder, { recursive: true })
})

const start = () => {
  const say = (text: string) => said.push(text)
  const log = { debug: say, info: say, warn: say, error: say }
  running = records$.pipe(lasting(() => syslog(log, socket), log)).subscribe({ error: say })
}
const say = (text: string, level: LogRecord['level'] = 'INFO') =>
  records$.next({ at: 0, level, name: 'Sensor0', text })

/** Puts a program of ours in the place of the system's `logger`; the socket is only looked at. */
const fakeLogger = (script: string) => {
  writeFileSync(join(folder, 'logger'), `#!/bin/sh\ncd '${folder}'\n${script}\n`)
  chmodSync(join(folder, 'logger'), 0o755)
  writeFileSync(socket, '')
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env.PATH ?? ''}`)
}
const content = (name: string) => {
  const path = join(folder, name)
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

describe('syslog', () => {
  it('feeds one logger with all lines, each with its priority, under our name and process id', async () => {
    fakeLogger('echo "$@" >>arguments\nexec cat >>lines')
    start()
    say('broken', 'ERROR')
    say('<0>from the air')
    say('detail', 'DEBUG')
    await vi.waitFor(() =>
      expect(content('lines')).toBe('<3>Sensor0: broken\n<6>Sensor0: <0>from the air\n<7>Sensor0: detail\n'),
    )
    expect(content('arguments').trim().split('\n')).toHaveLength(1)
    expect(content('arguments')).toContain(`--tag sensor_reporter --id=${process.pid}`)
    expect(content('arguments')).toContain('--prio-prefix')
    expect(said).toEqual([])
  })

  it('starts logger without our environment, which holds secrets', async () => {
    vi.stubEnv('SECRET', 'hunter2')
    fakeLogger('env >>environment\nexec cat >>lines')
    start()
    say('hello')
    await vi.waitFor(() => expect(content('lines')).not.toBe(''))
    expect(content('environment')).toMatch(/^PATH=/m)
    expect(content('environment')).not.toContain('hunter2')
  })

  it('gets its last lines when the records end, and then logger ends as well', async () => {
    fakeLogger('cat >>lines\necho ended >>lines')
    start()
    say('last words')
    records$.complete()
    await vi.waitFor(() => expect(content('lines')).toBe('<6>Sensor0: last words\nended\n'))
  })

  it('says once that there is no syslog, and what to do', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    start()
    await vi.advanceTimersByTimeAsync(600_000)
    expect(said).toHaveLength(1)
    expect(said[0]).toContain(`There is no syslog at ${socket}: start one`)
    expect(said[0]).toContain('Syslog = NO')
  })

  it('says that logger is missing', async () => {
    writeFileSync(socket, '')
    vi.stubEnv('PATH', folder)
    start()
    await vi.waitFor(() => expect(said).toHaveLength(1))
    expect(said[0]).toContain('needs the program logger (util-linux): spawn logger ENOENT')
  })

  it('says once why logger cannot log, starts it again, and says when it lasts', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    fakeLogger('echo x >>starts\n[ -e well ] || { echo "socket refused" >&2; exit 1; }\nexec cat >>lines')
    start()
    const begun = (times: number) =>
      vi.waitFor(() => expect(content('starts').length).toBe(2 * times), { timeout: 10_000 })
    say('accepted, but not logged')
    await begun(2)
    say('likewise')
    writeFileSync(join(folder, 'well'), '')
    await begun(3)
    expect(said).toEqual([expect.stringContaining('The program logger has ended (socket refused)')])
    await vi.advanceTimersByTimeAsync(5000)
    say('it lasts')
    await vi.waitFor(() => expect(content('lines')).toContain('it lasts'))
    await vi.waitFor(() => expect(said).toHaveLength(2))
    expect(said[1]).toBe('works again')
  })

  it('does not wait for a logger that reads nothing', async () => {
    fakeLogger('echo $$ >pid\nexec sleep 60')
    start()
    const pid = await vi.waitFor(() => {
      expect(content('pid')).toMatch(/^\d+\n$/)
      return Number(content('pid'))
    })
    onTestFinished(() => void process.kill(pid))
    for (let line = 0; line < 20_000; line++) say('x'.repeat(100))
    records$.complete()
    await vi.waitFor(() => expect(running.closed).toBe(true), { timeout: 5000 })
  })
})

const real = ['logger', 'python3'].every((program) => !spawnSync(program, ['--version']).error)
if (!real && process.env.CI === 'true')
  throw new Error('the tests of syslog need logger (util-linux) and python3')

describe.skipIf(!real)('syslog through the real logger (needs util-linux and python3)', () => {
  it('arrives at the socket with facility daemon, our name and our process id', async () => {
    const receive = [
      'import socket, sys',
      's = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)',
      's.bind(sys.argv[1])',
      'for _ in range(2): print(s.recv(65536).decode(), flush=True)',
    ].join('\n')
    const listener = spawn('python3', ['-c', receive, socket], { stdio: ['ignore', 'pipe', 'inherit'] })
    onTestFinished(() => void listener.kill())
    let received = ''
    listener.stdout.on('data', (chunk: Buffer) => (received += chunk.toString()))
    await vi.waitFor(() => expect(existsSync(socket)).toBe(true), { timeout: 10_000 })
    start()
    say('broken', 'ERROR')
    say('hello')
    await vi.waitFor(() => expect(received.trim().split('\n')).toHaveLength(2), { timeout: 10_000 })
    const [first, second] = received.split('\n')
    expect(first).toMatch(new RegExp(`^<27>.* sensor_reporter\\[${process.pid}\\]: Sensor0: broken$`))
    expect(second).toMatch(new RegExp(`^<30>.* sensor_reporter\\[${process.pid}\\]: Sensor0: hello$`))
  })
})
