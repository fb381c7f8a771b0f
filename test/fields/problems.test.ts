import { describe, expect, it } from 'vitest'
import { formatProblem, problemAt, quoteText } from '../../src/fields/problems.js'

describe('formatProblem', () => {
  it.each([
    [{ line: 3, section: 'Sensor0', key: 'Class' }, 'x.ini:3: error: [Sensor0] Class: wrong'],
    [{ line: 3, section: 'Sensor0' }, 'x.ini:3: error: [Sensor0] wrong'],
    [{ line: 3 }, 'x.ini:3: error: wrong'],
    [{ line: 0 }, 'x.ini: error: wrong'],
    [{ line: 1, section: 'a\x1b[2J', key: 'b\u202e' }, 'x.ini:1: error: [a\\u{1b}[2J] b\\u{202e}: wrong'],
  ])('writes %j in one line', (place, text) => {
    expect(formatProblem('x.ini', problemAt(place, 'error', 'wrong'))).toBe(text)
  })
})

describe('quoteText', () => {
  it.each([
    ['plain', '"plain"'],
    ['', '""'],
    ['a\tb\x1b', '"a\\tb\\u{1b}"'],
    ['x'.repeat(61), `"${'x'.repeat(60)}…"`],
    ['mqtt://user:pass@host:1883', '"mqtt://***@host:1883"'],
    ['user:p@ss/w:rd@host', '"***@host"'],
    [`http://u:${'p'.repeat(100)}@host`, '"http://***@host"'],
    ['someone@example.org', '"someone@example.org"'],
    [
      'localhost\nPassword = hunter2',
      '"localhost" and more lines (an indented line continues the one above)',
    ],
  ])('shows %j as %s', (text, shown) => {
    expect(quoteText(text)).toBe(shown)
  })
})
