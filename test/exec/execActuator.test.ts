import { Subject } from 'rxjs'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  ExecActuator,
  execActuator,
  type ExecActuatorOptions,
  messageWords,
} from '../../src/exec/execActuator.js'
import type { Command } from '../../src/model.js'
import { journal } from '../support/journal.js'
import { recordedLog } from '../support/recordedLog.js'
import { processWord } from './processWord.js'
import { processesWith } from './processesWith.js'

/** An actuator that the test commands; it ends with the test. */
function start(options: Partial<ExecActuatorOptions> = {}) {
  const commands$ = new Subject<Command>()
  const results = journal<string>()
  const { log, lines } = recordedLog()
  const actuator = execActuator(
    {
      commandSrc: 'do',
      resultsDest: 'done',
      command: ['echo'],
      timeout: 10_000,
      maxOutput: 65_536,
      parallel: 1,
      ...options,
    },
    log,
  )
  const running = actuator(commands$).subscribe({
    next: ({ destination, value }) => results.add(`${destination} ${value}`),
    error: (error: unknown) => results.add(`failed: ${String(error)}`),
  })
  onTestFinished(() => running.unsubscribe())
  return {
    say: (payload: string, source = 'do') => commands$.next({ source, payload }),
    results: results.entries,
    until: (result: string) => results.until((text) => text === result),
    lines,
    stop: () => running.unsubscribe(),
  }
}

describe('execActuator', () => {
  it.each([
    ['NA', ''],
    ['', ''],
    ['hello  world\n', 'hello world'],
    ['$(id) `id` $HOME * > x && y', '$(id) `id` $HOME * > x && y'],
    [`"it's"`, `"it's"`],
    ['; rm a;b | c', 'rm c'],
    ['nul\0 ok', 'ok'],
    ['ä€😀', 'ä€😀'],
  ])('runs the command with the words of the message %j, and says %j', async (payload, result) => {
    const { say, until } = start()
    say(payload)
    await until(`done ${result}`)
  })

  it('reports a command that was carried out as a state, and none that failed', async () => {
    const { say, until, results } = start({ command: ['sh', '-c', 'test $0 != OFF'], stateDest: 'state' })
    for (const payload of ['ON', 'OFF', 'DIM']) say(payload)
    await until('state DIM')
    expect(results).toEqual(['done ', 'state ON', 'done ERROR', 'done ', 'state DIM'])
  })

  it('says once that words are left out', async () => {
    const { say, until, lines } = start()
    for (const payload of ['a; 1', 'b| 2', '3', ';', '4']) say(payload)
    await until('done 4')
    const warning = 'warn: words with ; or | in a message are left out'
    expect(lines).toEqual([warning, warning])
  })

  it('puts the words behind what they come after, unless there are none', async () => {
    const { say, results, until } = start({ command: ['printf', '%s.'], argsAfter: ['--'] })
    say('-v')
    say('NA')
    say('end')
    await until('done --.end.')
    expect(results).toEqual(['done --.-v.', 'done .', 'done --.end.'])
  })

  it('does not obey what is meant for others', async () => {
    const { say, results, until } = start()
    say('a', 'other')
    say('b')
    await until('done b')
    expect(results).toEqual(['done b'])
  })

  it('says ERROR for each run that fails, and why once until one succeeds', async () => {
    const { say, results, lines, until } = start({ command: ['sh', '-c', 'echo $0; exit $0'] })
    for (const code of ['3', '3', '4', '0']) say(code)
    await until('done 0')
    expect(results).toEqual(['done ERROR', 'done ERROR', 'done ERROR', 'done 0'])
    expect(lines).toEqual([
      'error: the command ended with code 3. The result is ERROR',
      'error: the command ended with code 4. The result is ERROR',
      'info: the command works again',
    ])
  })

  it('runs commands one after the other, and refuses them when 16 are waiting', async () => {
    const { say, results, lines, until } = start({ command: ['sh', '-c', 'sleep 0.01; echo $0'] })
    for (let number = 1; number <= 1000; number += 1) say(`${number}`)
    await until('done 17')
    say('end')
    await until('done end')
    expect(results).toEqual([...Array.from({ length: 17 }, (_, index) => `done ${index + 1}`), 'done end'])
    expect(lines).toEqual([
      'warn: 16 commands are waiting already: more are refused until all of them are done',
    ])
  })

  it('runs several at a time where it may', async () => {
    const { say, results, until } = start({ command: ['sh', '-c', 'sleep $0; echo $0'], parallel: 2 })
    for (const seconds of ['30', '0.01', '0.02']) say(seconds)
    await until('done 0.02')
    expect(results).toEqual(['done 0.01', 'done 0.02'])
  })

  it('ends what runs, and what waits does not start, when it is stopped', async () => {
    const word = processWord()
    const { say, until, stop, results } = start({
      command: ['sh', '-c', 'echo $1; [ $1 = 1 ] || exec sleep 60', word],
    })
    for (const payload of ['1', '2', '3']) say(payload)
    await until('done 1')
    stop()
    await expect.poll(() => processesWith(word), { timeout: 20_000 }).toEqual([])
    expect(results).toEqual(['done 1'])
  })
})

describe('a message', () => {
  it.each([
    ['', []],
    [' \n', []],
    ['NA', []],
    ['NA\n', []],
    ['NA b', ['NA', 'b']],
    [' a  b\tc\n', ['a', 'b', 'c']],
    [`"a b" it's`, ['"a', 'b"', "it's"]],
  ])('has the words of %j', (payload, words) => {
    expect(messageWords(payload)).toEqual(words)
  })
})

describe('[Actuator…] exec.exec_actuator.ExecActuator', () => {
  const texts = { Command: 'echo', CommandSrc: 'Test_Act1', ResultsDest: 'Test_Act1_Results', Timeout: '10' }

  it('reads its parameters', () => {
    expect(ExecActuator.options.parse({ ...texts, ArgsAfter: '--' })).toEqual({
      Command: ['echo'],
      CommandSrc: 'Test_Act1',
      ResultsDest: 'Test_Act1_Results',
      ArgsAfter: ['--'],
      Timeout: 10_000,
      MaxOutput: 65_536,
      Parallel: 1,
    })
  })

  it.each([
    ['Command', ''],
    ['CommandSrc', 'refresh'],
    ['ResultsDest', 'status'],
    ['Timeout', '0'],
    ['MaxOutput', '0'],
    ['Parallel', '17'],
  ])('refuses %s = "%s"', (key, value) => {
    const { error } = ExecActuator.options.safeParse({ ...texts, [key]: value })
    expect(error?.issues.map(({ path }) => path)).toEqual([[key]])
  })

  it('listens on its CommandSrc', () => {
    expect(ExecActuator.sources?.(ExecActuator.options.parse(texts))).toEqual(['Test_Act1'])
  })
})
