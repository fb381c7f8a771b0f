import { inspect } from 'node:util'
import { lastValueFrom, repeat, toArray } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { runCommand, type RunOptions } from '../../src/exec/runCommand.js'
import { missingFile } from './missingFile.js'
import { processWord } from './processWord.js'
import { processesWith } from './processesWith.js'

const bounds: RunOptions = { timeout: 20_000, maxOutput: 65_536 }
const output = (words: readonly string[], options: Partial<RunOptions> = {}) =>
  lastValueFrom(runCommand(words, { ...bounds, ...options }), { defaultValue: undefined })
const script = (text: string, ...words: string[]) => ['sh', '-c', text, ...words]

const processes = (word: string) => expect.poll(() => processesWith(word), { timeout: 20_000 })

describe('runCommand', () => {
  it('says what the program says, without the white space at its end', async () => {
    expect(await output(['printf', '  two\n words \n\n'])).toBe('  two\n words')
  })

  it('passes on every word as it is: there is no shell', async () => {
    const words = ['$(id)', '`id`', '$HOME', '*', '>x', '&&', "it's", '"', '', 'ä€😀', '\\n']
    const printed = await output([
      process.execPath,
      '-p',
      'JSON.stringify(process.argv.slice(1))',
      '--',
      ...words,
    ])
    expect(JSON.parse(printed ?? '')).toEqual(words)
  })

  it('gives the program no input', async () => {
    expect(await output(['cat'])).toBe('')
  })

  it.each([
    [
      'does not exist',
      ['no-such-program'],
      'the command cannot be started (ENOENT): there is no such program',
    ],
    ['is no program', ['/etc/passwd'], 'the command cannot be started (EACCES): this user may not run it'],
    ['has a name that is none', [''], 'the command cannot be started (ERR_INVALID_ARG_VALUE)'],
    ['gets a word that is none', ['echo', 'nul\0'], 'the command cannot be started (ERR_INVALID_ARG_VALUE)'],
    ['gets too many words', ['echo', 'x'.repeat(4_000_000)], 'the command cannot be started (E2BIG)'],
    ['fails', script('echo half; exit 3'), 'the command ended with code 3'],
    ['is killed', script('kill -9 $$'), 'the command ended with SIGKILL'],
  ])('fails, quoting none of its words, when the program %s', async (_what, words, reason) => {
    const error = await output([...words, 'secret']).then(
      () => undefined,
      (reason: unknown) => reason as Error,
    )
    expect(error?.message).toContain(reason)
    expect(inspect(error)).not.toContain('secret')
  })

  it('keeps no more of the output than it may, and no half characters', async () => {
    expect(await output(['printf', 'abcdef'], { maxOutput: 4 })).toBe('abcd')
    expect(await output(['printf', 'abc€'], { maxOutput: 5 })).toBe('abc')
    expect(await output(script('head -c 10000000 /dev/zero | tr "\\0" x'))).toBe('x'.repeat(65_536))
  })

  it('runs for each subscriber apart', async () => {
    const pids$ = runCommand(script('echo $$'), bounds).pipe(repeat(2), toArray())
    const pids = await lastValueFrom(pids$, { defaultValue: [] })
    expect(new Set(pids).size).toBe(2)
  })
})

describe('runCommand, with children that do not want to end', () => {
  const loop = 'while :; do sleep 0.1; done'

  it.each([
    ['ignores SIGTERM', `trap "" TERM; ${loop}`],
    ['forks and waits', `sh -c "${loop}" "$0"; echo done`],
    ['writes for ever', 'while :; do echo "$0"; done'],
    ['has a child with a session of its own', `setsid -w sh -c "${loop}" "$0"; echo done`],
  ])(
    'leaves nothing behind of one that %s, when it takes too long and when it is left',
    async (_name, text) => {
      const word = processWord()
      const words = script(text, word)
      await expect(output(words, { timeout: 300 })).rejects.toThrow('took longer than 0.3 s and was ended')
      await processes(word).toEqual([])

      const running = runCommand(words, bounds).subscribe({ error: () => undefined })
      await processes(word).not.toEqual([])
      running.unsubscribe()
      await processes(word).toEqual([])
    },
  )

  it.each([
    ['', ''],
    [' and ignores SIGTERM', 'trap "" TERM;'],
  ])('leaves nothing behind of one that forks and leaves a process that goes on%s', async (_name, trap) => {
    const word = processWord()
    const ready = missingFile()
    const text = `sh -c '${trap} touch "$1"; ${loop}' "$0" "$1" & until [ -e "$1" ]; do sleep 0.01; done; echo left`
    expect(await output(script(text, word, ready))).toBe('left')
    await processes(word).toEqual([])
  })

  it('has the output though a process that left the group holds on to it', async () => {
    const word = processWord()
    const ready = missingFile()
    const text = `setsid sh -c 'touch "$1"; ${loop}' "$0" "$1" & until [ -e "$1" ]; do sleep 0.01; done; echo left`
    expect(await output(script(text, word, ready))).toBe('left')
  })
})
