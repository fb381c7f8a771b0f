import { describe, expect, it } from 'vitest'
import { commandLine } from '../../src/exec/commandLine.js'
import type { FieldIssue } from '../../src/plugin/fields.js'

const advice = (text: string) => {
  const [issue] = commandLine.safeParse(text).error?.issues ?? []
  return issue?.code === 'custom' ? (issue.params as FieldIssue).advice : undefined
}

describe('commandLine', () => {
  it.each([
    ['echo', ['echo']],
    ['echo  Exec hello\tfrom sensor 1', ['echo', 'Exec', 'hello', 'from', 'sensor', '1']],
    [`echo "It's too cold!"`, ['echo', "It's too cold!"]],
    [`a 'b c' d\\ e f"g h"i '' ""`, ['a', 'b c', 'd e', 'fg hi', '', '']],
    [String.raw`a '\n' "\"" \\`, ['a', String.raw`\n`, '"', '\\']],
    ['curl http://x/?a=1&b=$2 #3 >*', ['curl', 'http://x/?a=1&b=$2', '#3', '>*']],
    ['a\nb', ['a', 'b']],
  ])('splits %j as a POSIX shell does, and nothing else happens', (text, words) => {
    expect(commandLine.parse(text)).toEqual(words)
  })

  it.each([
    ['', 'it may not be empty'],
    ['echo a; rm b', 'there is no shell; put what needs one into a script'],
    ['sh -c "a | b"', 'there is no shell; put what needs one into a script'],
    [`echo it's`, 'a quote is not closed, or nothing follows the \\ at the end'],
    ['echo \\', 'a quote is not closed, or nothing follows the \\ at the end'],
  ])('refuses %j: %s', (text, reason) => {
    expect(advice(text)).toBe(reason)
  })
})
