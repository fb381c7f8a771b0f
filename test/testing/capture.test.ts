import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { count, map } from 'rxjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeGovee } from '../../src/ble/formats/govee/families.js'
import { capture } from '../../src/testing/capture.js'
import { marbles } from '../../src/testing/marbles.js'
import { captureFiles } from '../captures/captureFiles.js'
import { advertisingEvent, advInd } from '../support/onAir.js'

describe('capture', () => {
  let folder: string
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'capture-'))))
  afterAll(() => rmSync(folder, { recursive: true }))

  const file = (content: string | Buffer) => {
    const path = join(folder, 'capture')
    writeFileSync(path, content)
    return path
  }
  const line = (at?: number) => JSON.stringify({ at, address: '00:00:00:00:00:01' })

  it('is heard in recorded time, which is virtual in a marble test', () => {
    const path = file([line(1e12), line(1e12 + 3), line(1e12 + 3_600_000), ''].join('\n'))
    const expected = 'a--b 3599996ms (c|)'
    marbles(({ expectObservable }) =>
      expectObservable(capture(path).pipe(map(({ at }) => at))).toBe(expected, {
        a: 1e12,
        b: 1e12 + 3,
        c: 1e12 + 3_600_000,
      }),
    )
  })

  it('waits for nothing where no time was recorded, or where the clock was set back', () => {
    const path = file([line(), line(1e12), line(1e12 - 5), line(), line(1e12 + 2)].join('\r\n'))
    const expected = '(aaaa)'
    marbles(({ expectObservable }) =>
      expectObservable(capture(path).pipe(map(() => 'a')), '^-!').toBe(expected),
    )
  })

  it('plays a recorded day, two packets a second', () => {
    const path = file(Array.from({ length: 2 * 86_400 }, (_, half) => line(1e12 + half * 500)).join('\n'))
    marbles(({ expectObservable }) =>
      expectObservable(capture(path).pipe(count())).toBe('86399500ms (a|)', { a: 172_800 }),
    )
  })

  it.each(Object.entries(captureFiles))('reads %s', (_, write) => {
    const packets = [0, 2].map((later) => ({ at: 1e12 + later, h4: advertisingEvent([advInd]) }))
    const path = pathToFileURL(file(write(packets)))
    marbles(({ expectObservable }) =>
      expectObservable(capture(path).pipe(map((heard) => decodeGovee(heard)?.temperature_c))).toBe('a-(a|)', {
        a: 21.7,
      }),
    )
  })

  it('starts from the beginning with each subscription, and stops with it', () => {
    const path = file([line(1e12), line(1e12 + 3)].join('\n'))
    const source$ = capture(path).pipe(map(() => 'a'))
    marbles(({ expectObservable }) => {
      expectObservable(source$, '^-!').toBe('a')
      expectObservable(source$, '--^').toBe('--a--(a|)')
    })
  })

  it.each([
    [
      'a line that is no advertisement',
      () => `${line(1)}\nattic 21`,
      'capture, line 2 is no advertisement: expected ',
    ],
    [
      'a damaged file',
      () => Buffer.concat([captureFiles['btsnoop, H4']?.([]) ?? Buffer.of(), Buffer.alloc(30, 0xff)]),
      'capture: The capture is damaged at byte 16',
    ],
  ])('fails at %s, since a test is to rely on what it plays', (_, content, message) => {
    const path = file(content())
    let failure = ''
    capture(path).subscribe({ error: (error: unknown) => (failure = String(error)) })
    expect(failure).toContain(message)
  })

  it('fails with the name of a file that is not there', () => {
    let failure = ''
    capture(join(folder, 'none')).subscribe({ error: (error: unknown) => (failure = String(error)) })
    expect(failure).toContain(join(folder, 'none'))
  })
})
