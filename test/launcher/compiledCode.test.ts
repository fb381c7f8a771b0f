import {
  chownSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { compiledCode } from '../../src/launcher/compiledCode.js'

const code = Buffer.from('compiled code')

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sensor-reporter-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

/** Two folders for it: beside the program, which may be none that can be written, and the user's. */
function places({ writable = true } = {}) {
  const home = temporaryFolder()
  const folder = writable ? temporaryFolder() : join(home, 'a file')
  if (!writable) writeFileSync(folder, '')
  vi.stubEnv('CACHE_DIRECTORY', undefined)
  vi.stubEnv('XDG_CACHE_HOME', join(home, 'cache'))
  onTestFinished(() => void vi.unstubAllEnvs())
  return { folder, cache: join(home, 'cache', 'sensor-reporter') }
}

describe('compiled code', () => {
  it('is kept beside the program', () => {
    const { folder } = places()
    compiledCode(folder, 'one').write(code)
    expect(compiledCode(folder, 'one').read()).toEqual(code)
    expect(readdirSync(folder)).toHaveLength(1)
  })

  it('is that of one build; a new one takes its place', () => {
    const { folder } = places()
    compiledCode(folder, 'one').write(code)
    expect(compiledCode(folder, 'two').read()).toBeUndefined()
    compiledCode(folder, 'two').write(code)
    expect(compiledCode(folder, 'one').read()).toBeUndefined()
    expect(readdirSync(folder)).toHaveLength(1)
  })

  it('is kept in the cache folder of the user where the program is read-only', () => {
    const { folder, cache } = places({ writable: false })
    compiledCode(folder, 'one').write(code)
    expect(compiledCode(folder, 'one').read()).toEqual(code)
    expect(readdirSync(cache)).toHaveLength(1)
  })

  it('is done without where nothing can be written', () => {
    const { folder } = places({ writable: false })
    vi.stubEnv('XDG_CACHE_HOME', folder)
    const kept = compiledCode(folder, 'one')
    kept.write(code)
    expect(kept.read()).toBeUndefined()
  })

  it.runIf(process.geteuid?.() === 0)('is not taken from others, since it is run', () => {
    const { folder } = places()
    const kept = compiledCode(folder, 'one')
    kept.write(code)
    chownSync(join(folder, readdirSync(folder)[0] ?? ''), 12_345, 0)
    expect(kept.read()).toBeUndefined()
  })

  it('is done without when one bit of it is wrong, or some of it is missing', () => {
    const { folder } = places()
    const kept = compiledCode(folder, 'one')
    kept.write(code)
    const path = join(folder, readdirSync(folder)[0] ?? '')
    const good = readFileSync(path)
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(7), (at, bit) => {
        const bad = Buffer.from(good)
        bad.writeUInt8(bad.readUInt8(at) ^ (1 << bit), at)
        writeFileSync(path, bad)
        expect(kept.read()).toBeUndefined()
        writeFileSync(path, good)
        truncateSync(path, at)
        expect(kept.read()).toBeUndefined()
      }),
    )
  })
})
