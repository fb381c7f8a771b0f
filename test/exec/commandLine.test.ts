import { describe, expect, it } from 'vitest'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { commandLine } from '../../src/exec/commandLine.js'
import type { FieldIssue } from '../../src/fields/fields.js'
import { sectionProblems } from '../support/sectionProblems.js'
import { temporaryFolder } from '../support/temporaryFolder.js'

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

const problems = (script: string) =>
  sectionProblems(
    '[Sensor1]',
    'Class = exec.exec_sensor.ExecSensor',
    'Poll = 10',
    'Destination = out',
    `Script = ${script}`,
  )

describe('the Script of a configuration', () => {
  it.each([
    'uptime > /tmp/x',
    'sort < file',
    'make && make install',
    'echo $HOME',
    'echo ${HOME}x',
    'kill $(cat pid)',
    'echo `date`',
    'cat ~/x',
    'ls ~',
    'echo "a" 2>&1',
  ])('draws a warning with what only a shell would understand: %s', async (script) => {
    expect(await problems(script)).toEqual([
      expect.stringMatching(/^5: warning: \[Sensor1\] Script: there is no shell, so that < > && /),
    ])
  })

  it.each([
    `echo '> < && $NAME $(x) ~/ \`'`,
    'echo "a > b"',
    String.raw`echo \> \$HOME a~b 5$`,
    'curl http://x/?a=1&b=2',
    `sh -c 'echo $HOME > x'`,
  ])('draws none in quotes, or without a meaning: %s', async (script) => {
    expect(await problems(script)).toEqual([])
  })

  it('is refused without its words', async () => {
    const refused = (shown: string) => [
      `5: error: [Sensor1] Script: expected a command line without ; and |, got ${shown}: there is no shell; put what needs one into a script`,
    ]
    expect(await problems('curl -H "X-Api-Key: hunter2" http://x | jq .')).toEqual(refused('"curl …"'))
    expect(await problems('TOKEN=hunter2 curl; date')).toEqual(refused('another one'))
  })

  it('says so when its first line ends in CR', async () => {
    const path = join(temporaryFolder(), 'windows.sh')
    const write = (text: string) => {
      writeFileSync(path, text)
      chmodSync(path, 0o755)
    }
    write('#!/bin/sh\r\necho hello\r\n')
    expect(await problems(`${path} x`)).toEqual([
      `5: warning: [Sensor1] Script: the first line of ${path} ends in CR, as on Windows, so that it cannot be started: sed -i 's/\\r$//' ${path}`,
    ])
    write('#!/bin/sh\necho hello\r\n')
    expect(await problems(path)).toEqual([])
  })
})
