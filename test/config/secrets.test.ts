import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expandSecrets } from '../../src/config/secrets.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'secrets-'))
  mkdirSync(join(folder, 'folder'))
  for (const [name, content] of Object.entries({
    plain: 'from file',
    newline: 'pass word \n',
    crlf: 'windows\r\n',
    two: 'a\n\n',
    reference: '${env:PLAIN}',
    latin1: Buffer.from([0x70, 0xe4, 0x73]),
  }))
    writeFileSync(join(folder, name), content, { mode: 0o600 })
})
afterAll(() => rmSync(folder, { recursive: true }))

const expand = (value: string) =>
  expandSecrets(value, {
    env: { PLAIN: 'from env', EMPTY: '', REFERENCE: '${env:PLAIN}', FOLDER: folder, NAME: 'PLAIN' },
    folder,
  })

describe('expandSecrets', () => {
  it.each([
    ['${env:PLAIN}', 'from env'],
    ['${env:EMPTY}', ''],
    ['<${env:PLAIN}${env:PLAIN}>', '<from envfrom env>'],
    ['${file:plain}', 'from file'],
    ['${file:./newline}', 'pass word '],
    ['${file:crlf}', 'windows'],
    ['${file:two}', 'a\n'],
    ['${file:${env:FOLDER}/plain}', 'from file'],
    ['${env:${env:NAME}}', 'from env'],
  ])('puts in %s', async (value, text) => {
    expect(await expand(value)).toEqual({ text, secret: true, faults: [], doubts: [], cause: 'machine' })
  })

  it.each(['', '$', '${', '${}', '$env:PLAIN', '${PLAIN}', '${other:PLAIN}', 'a}b', '$${x}', '${ENV:PLAIN}'])(
    'leaves %s as it is',
    async (value) => {
      expect(await expand(value)).toEqual({ text: value, secret: false, faults: [], doubts: [] })
    },
  )

  it.each(['${env:REFERENCE}', '${file:reference}'])(
    'does not look again at what it put in for %s',
    async (value) => {
      expect((await expand(value)).text).toBe('${env:PLAIN}')
    },
  )

  it.each([
    ['${env:MISSING}', /^the environment variable MISSING is not set: set it/],
    ['${env:constructor}', /^the environment variable constructor is not set/],
    [
      '${file:missing}',
      /^cannot read the file missing: there is no such file \(relative paths begin at .*secrets-/,
    ],
    ['${file:folder}', /^cannot read the file folder: it is a folder/],
    ['${file:latin1}', /^cannot read the file latin1: it is not UTF-8/],
    ['${file:a\0b}', /^cannot read the file a\\u\{0\}b: there is no such file/],
    ['${file:${env:FOLDER}/x}', /^cannot read the file \$\{env:FOLDER\}\/x: there is no such file/],
    ['${file:${env:MISSING}/x}', /^the environment variable MISSING is not set/],
    ['${env:PLAIN', /^expected a } at the end of \$\{env:…, got none$/],
  ])('says what is wrong with %s', async (value, fault) => {
    expect((await expand(value)).faults).toEqual([expect.stringMatching(fault)])
  })

  it('says everything that is wrong with a value', async () => {
    expect((await expand('${env:ONE} ${env:TWO}')).faults).toHaveLength(2)
  })

  it('takes any text without throwing', async () => {
    const pieces = fc.constantFrom('${env:', '${file:', '}', '$', 'PLAIN', 'plain', '/', '..', '\0')
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(pieces, fc.string({ unit: 'binary' }))), async (parts) => {
        const { text, faults } = await expand(parts.join(''))
        expect(typeof text).toBe('string')
        expect(faults.every((fault) => fault.length > 0)).toBe(true)
      }),
    )
    expect((await expand('${env:'.repeat(100_000))).faults).toHaveLength(1)
  })
})
