import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { escapeControls } from '../../src/fields/problems.js'

describe('escapeControls', () => {
  it('leaves what people read as it is', () => {
    expect(escapeControls('Küche 21.7 °C, 冷蔵庫 "100 %" \\ 🌡')).toBe('Küche 21.7 °C, 冷蔵庫 "100 %" \\ 🌡')
  })

  it('shows line ends, terminal commands and changes of text direction', () => {
    expect(escapeControls('a\r\nb\tc\x1b[31m\x00\x9b\u202e')).toBe(
      'a\\r\\nb\\tc\\u{1b}[31m\\u{0}\\u{9b}\\u{202e}',
    )
  })

  it('never lets a control character, line separator or lone surrogate through', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) }), (text) => {
        expect(escapeControls(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
      }),
    )
  })
})
