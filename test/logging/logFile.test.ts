import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Logging, openLogging } from '../../src/logging/openLogging.js'
import { silentShare } from '../support/silentShare.js'
import { recordingStream } from './recordingStream.js'

let folder: string
let file: string
let stream: ReturnType<typeof recordingStream>
let logging: Logging

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-file-'))
  file = join(folder, 'sensor_reporter.log')
  stream = recordingStream()
})
afterEach(async () => {
  vi.useRealTimers()
  await logging.close()
  rmSync(folder, { recursive: true })
})

const open = (options = {}) =>
  (logging = openLogging({ level: 'INFO', syslog: false, file, maxSize: 0, numFiles: 0, ...options }, stream))
const content = (path = file) => readFileSync(path, 'utf8')
const said = (text: string) => stream.lines().filter((line) => line.includes(text))

describe('logFile', () => {
  it('gets the same lines as standard output, behind those of an earlier run', async () => {
    writeFileSync(file, 'earlier\n')
    open().getLogger('Sensor0').info('hello')
    await logging.close()
    expect(content()).toBe(`earlier\n${stream.lines()[0] ?? ''}\n`)
  })

  it('makes the folder of the file', async () => {
    file = join(folder, 'var', 'log', 'sensor_reporter.log')
    open().getLogger('Sensor0').info('hello')
    await vi.waitFor(() =>
      expect(said(`the folder ${dirname(file)} was not there and has been made`)).toHaveLength(1),
    )
    await logging.close()
    expect(content()).toContain('Sensor0: hello')
    expect(said('by root')).toHaveLength(process.getuid?.() === 0 ? 1 : 0)
  })

  it('says nothing of a folder that is there', async () => {
    open().getLogger('Sensor0').info('hello')
    await vi.waitFor(() => expect(content()).toContain('hello'))
    await logging.close()
    expect(said('folder')).toEqual([])
  })

  it('is rotated at its size, and as many files are kept as was asked for', async () => {
    const log = open({ maxSize: 200, numFiles: 2 }).getLogger('Sensor0')
    for (let line = 0; line < 30; line++) log.info(`line ${line} ${'x'.repeat(60)}`)
    // Closing has its bound, which ten rotations on a busy machine do not keep.
    await vi.waitFor(() => expect(content(`${file}.1`)).toContain('line 29'))
    await logging.close()
    expect(readdirSync(folder).sort()).toEqual([
      'sensor_reporter.log',
      'sensor_reporter.log.1',
      'sensor_reporter.log.2',
    ])
    expect(content(`${file}.1`)).toContain('line 29')
    expect(content(`${file}.2`)).toContain('line 26')
  })

  it('is never rotated with a size of 0', async () => {
    const log = open({ maxSize: 0, numFiles: 2 }).getLogger('Sensor0')
    for (let line = 0; line < 30; line++) log.info('x'.repeat(100))
    await logging.close()
    expect(readdirSync(folder)).toEqual(['sensor_reporter.log'])
  })

  it('that cannot be opened is said once, with what to do, and tried again until it can', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    mkdirSync(file)
    const log = open().getLogger('Sensor0')
    await vi.waitFor(() => expect(said('cannot be written')).toHaveLength(1))
    expect(said(`The log file ${file} cannot be written (`)[0]).toContain('choose another File in [Logging]')
    rmSync(file, { recursive: true })
    vi.advanceTimersByTime(1000)
    log.info('still here')
    await vi.waitFor(() => expect(content()).toContain('INFO log file: works again'))
    expect(content()).toContain('still here')
    expect(said('cannot be written')).toHaveLength(1)
    expect(said('works again')).toHaveLength(1)
  })

  it('that stays out of reach for long is not mentioned again', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    mkdirSync(file)
    open()
    await vi.waitFor(() => expect(said('cannot be written')).toHaveLength(1))
    for (let minute = 0; minute < 10; minute++) {
      await vi.advanceTimersByTimeAsync(60_000)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(said('log file')).toHaveLength(1)
  })

  it('goes on without a file that cannot be rotated', async () => {
    mkdirSync(`${file}.1`)
    const log = open({ maxSize: 100, numFiles: 1 }).getLogger('Sensor0')
    await vi.waitFor(() => {
      log.info('x'.repeat(100))
      expect(said('cannot be written')).toHaveLength(1)
    })
    log.info('still here')
    await logging.close()
    expect(said('still here')).toHaveLength(1)
  })

  it('that was removed is made anew', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const log = open().getLogger('Sensor0')
    log.info('first')
    await vi.waitFor(() => expect(content()).toContain('first'))
    rmSync(file)
    vi.advanceTimersByTime(10_000)
    await vi.waitFor(() => expect(said('removed or replaced')).toHaveLength(1))
    vi.advanceTimersByTime(1000)
    log.info('second')
    await vi.waitFor(() => expect(content()).toContain('second'))
    expect(said('removed or replaced')).toHaveLength(1)
    expect(said('works again')).toHaveLength(1)
  })

  it('on a share that does not answer is said, and holds one thread, until it comes back', async () => {
    const share = await silentShare()
    file = join(share.folder, 'sensor_reporter.log')
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const log = open().getLogger('Sensor0')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(
      said(`The log file ${file} cannot be written (it does not answer: is it on a network share`),
    ).toHaveLength(1)
    expect(said('cannot be written')).toHaveLength(1)

    share.free()
    await vi.waitFor(async () => {
      await vi.advanceTimersByTimeAsync(60_000)
      log.info('still here')
      expect(content()).toContain('still here')
    })
    expect(said('works again')).toHaveLength(1)
  })

  it('changes with the configuration, and no line is lost between the two', async () => {
    const log = open().getLogger('Sensor0')
    log.info('before')
    const other = join(folder, 'other.log')
    logging.reconfigure({ level: 'INFO', syslog: false, file: other, maxSize: 0, numFiles: 0 })
    log.info('after')
    await logging.close()
    expect(content()).toMatch(/^.* INFO Sensor0: before\n$/)
    expect(content(other)).toMatch(/^.* INFO Sensor0: after\n$/)
  })
})
