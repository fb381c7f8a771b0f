import { fstatSync } from 'node:fs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { openLogging } from '../../src/logging/openLogging.js'
import type { LoggingOptions } from '../../src/logging/records.js'
import { recordingStream } from './recordingStream.js'

const options: LoggingOptions = { level: 'INFO', syslog: false, maxSize: 0, numFiles: 0 }
const texts = (lines: string[]) => lines.map((line) => line.slice('2026-11-22 16:20:39,123 '.length))

afterEach(() => vi.unstubAllEnvs())

describe('openLogging', () => {
  it('writes local time, level, name and text', async () => {
    const stream = recordingStream()
    const logging = openLogging(options, stream)
    logging.getLogger('Sensor0').info('hello')
    await logging.close()
    const [line = ''] = stream.lines()
    expect(line).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} INFO Sensor0: hello$/)
    const written = new Date(line.slice(0, 23).replace(',', '.')).getTime()
    expect(Math.abs(Date.now() - written)).toBeLessThan(60_000)
  })

  it('gives each component its own level, lower or higher than the general one', async () => {
    const stream = recordingStream()
    const logging = openLogging(options, stream)
    for (const logger of [
      logging.getLogger('general'),
      logging.getLogger('chatty', 'DEBUG'),
      logging.getLogger('taciturn', 'ERROR'),
    ]) {
      logger.debug('d')
      logger.info('i')
      logger.warn('w')
      logger.error('e')
    }
    await logging.close()
    expect(texts(stream.lines())).toEqual([
      'INFO general: i',
      'WARNING general: w',
      'ERROR general: e',
      'DEBUG chatty: d',
      'INFO chatty: i',
      'WARNING chatty: w',
      'ERROR chatty: e',
      'ERROR taciturn: e',
    ])
  })

  it('follows a change of the general level, also with loggers handed out before', async () => {
    const stream = recordingStream()
    const logging = openLogging(options, stream)
    const [general, own] = [logging.getLogger('general'), logging.getLogger('own', 'INFO')]
    logging.reconfigure({ ...options, level: 'DEBUG' })
    general.debug('now heard')
    own.debug('still not')
    logging.reconfigure({ ...options, level: 'ERROR' })
    general.warn('no longer heard')
    own.info('still heard')
    await logging.close()
    expect(texts(stream.lines())).toEqual(['DEBUG general: now heard', 'INFO own: still heard'])
  })

  it('makes one line of every record, whatever is in it', async () => {
    const stream = recordingStream()
    const logging = openLogging(options, stream)
    logging.getLogger('evil\n').info('GVH\n2026 ERROR: forged\x1b[2J\u2028', '100 %s %d', { a: 1 }, 7)
    await logging.close()
    expect(texts(stream.lines())).toEqual([
      `INFO evil\\n: GVH\\n2026 ERROR: forged\\u{1b}[2J\\u{2028} 100 %s %d { a: 1 } 7`,
    ])
  })

  it('writes errors as their message, and where they come from only at DEBUG', async () => {
    const stream = recordingStream()
    const logging = openLogging(options, stream)
    const error = new AggregateError([new Error('ECONNREFUSED ::1'), new Error('ECONNREFUSED 127.0.0.1')])
    logging.getLogger('terse').error('no broker:', error)
    logging.getLogger('talkative', 'DEBUG').error(new RangeError('too far'))
    await logging.close()
    const [terse, talkative, ...calls] = texts(stream.lines())
    expect(terse).toBe('ERROR terse: no broker: ECONNREFUSED ::1, ECONNREFUSED 127.0.0.1')
    expect(talkative).toBe('ERROR talkative: too far')
    expect(calls.length).toBeGreaterThan(0)
    for (const call of calls) expect(call).toMatch(/^DEBUG talkative: {5}at /)
  })

  it('writes priorities instead of the time when journald reads', async () => {
    const { dev, ino } = fstatSync(2)
    vi.stubEnv('JOURNAL_STREAM', `${dev}:${ino}`)
    const stream = recordingStream()
    const logging = openLogging({ ...options, level: 'DEBUG' }, stream)
    const log = logging.getLogger('Sensor0')
    log.debug('d')
    log.info('i')
    log.warn('w')
    log.error('e')
    await logging.close()
    expect(stream.lines()).toEqual(['<7>Sensor0: d', '<6>Sensor0: i', '<4>Sensor0: w', '<3>Sensor0: e'])
  })

  it('ignores what is said after it has closed', async () => {
    const stream = recordingStream()
    const logging = openLogging(options, stream)
    const log = logging.getLogger('Sensor0')
    await logging.close()
    log.error('too late')
    await logging.close()
    expect(stream.lines()).toEqual([])
  })
})
