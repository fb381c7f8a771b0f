import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config/readConfig.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const write = (content: string | Buffer, mode = 0o600) => {
  const path = join(folder, 'x.ini')
  writeFileSync(path, content)
  chmodSync(path, mode)
  return path
}

describe('readConfig', () => {
  it.each([
    [0o600, false],
    [0o640, false],
    [0o644, true],
    [0o604, true],
  ])('knows whether everybody can read a file with the mode %o', (mode, readableByOthers) => {
    expect(readConfig(write('[Größe]\n', mode))).toEqual({
      text: '[Größe]\n',
      readableByOthers,
      problems: [],
    })
  })

  it('names every line that is not UTF-8', () => {
    const bytes = Buffer.from('[S]\r\nKey = h\xe4\rOther = 1\nThird = \xff', 'latin1')
    const message = 'expected UTF-8, got other bytes: save the file as UTF-8'
    expect(readConfig(write(bytes))).toEqual({
      readableByOthers: false,
      problems: [2, 4].map((line) => ({ severity: 'error', line, message })),
    })
  })

  it('says that there is no such file, or that it is a folder', () => {
    mkdirSync(join(folder, 'folder'))
    const problemsOf = (path: string) => readConfig(path).problems.map(({ line, message }) => [line, message])
    expect(problemsOf(join(folder, 'missing.ini'))).toEqual([
      [0, 'cannot read the configuration: there is no such file'],
    ])
    expect(problemsOf(join(folder, 'folder'))).toEqual([[0, 'cannot read the configuration: it is a folder']])
  })

  it.skipIf(process.getuid?.() === 0)('says that it may not read a file', () => {
    expect(readConfig(write('[S]', 0o000)).problems[0]?.message).toBe(
      'cannot read the configuration: its permissions do not let this user read it',
    )
  })
})
