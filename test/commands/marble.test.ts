import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { marble } from '../../src/commands/marble.js'
import { renderDiagram } from '../../src/marbles/renderDiagram.js'

const text = '-a-|\na := attic 21\n\n> delay(1)\n\n--a-|\na := attic 21\n'

describe('sensor-reporter marble', () => {
  let folder: string
  const errors: unknown[] = []
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'marble-'))
    writeFileSync(join(folder, 'delay.txt'), text)
    errors.length = 0
    vi.spyOn(console, 'error').mockImplementation((line) => errors.push(line))
  })
  afterEach(() => {
    vi.restoreAllMocks()
    rmSync(folder, { recursive: true })
  })

  const picture = (name: string) => readFileSync(join(folder, name), 'utf8')

  it('draws a diagram beside its text, for light pages or for dark ones', async () => {
    expect(await marble(join(folder, 'delay.txt'), {})).toBe(0)
    expect(await marble(join(folder, 'delay.txt'), { dark: true })).toBe(0)
    expect(picture('delay.svg')).toBe(await renderDiagram(text))
    expect(picture('delay-dark.svg')).toBe(await renderDiagram(text, 'dark'))
    expect(picture('delay.svg')).not.toBe(picture('delay-dark.svg'))
  })

  it('draws where it is told to', async () => {
    expect(await marble(join(folder, 'delay.txt'), { output: join(folder, 'other.svg') })).toBe(0)
    expect(picture('other.svg')).toMatch(/^<svg/)
  })

  it('says why it cannot: no file, no diagram', async () => {
    writeFileSync(join(folder, 'none.txt'), 'attic 21')
    expect(await marble(join(folder, 'missing.txt'), {})).toBe(3)
    expect(await marble(join(folder, 'none.txt'), {})).toBe(3)
    expect(errors).toEqual([
      expect.stringContaining('missing.txt cannot be drawn: there is no such file'),
      expect.stringContaining('none.txt cannot be drawn: expected streams, then "> operator"'),
    ])
  })

  it('says what to install where Swirly is missing', async () => {
    vi.doMock('@swirly/parser', () => {
      throw new Error('Cannot find package')
    })
    expect(await marble(join(folder, 'delay.txt'), {})).toBe(3)
    vi.doUnmock('@swirly/parser')
    expect(errors).toEqual([expect.stringContaining('npm install @swirly/parser @swirly/renderer-node')])
  })
})
