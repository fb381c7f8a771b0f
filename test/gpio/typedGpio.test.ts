import { PassThrough } from 'node:stream'
import { NEVER, startWith, tap } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { typedGpio } from '../../src/gpio/typedGpio.js'
import { journal } from '../support/journal.js'
import { recordedLog } from '../support/recordedLog.js'

describe('typedGpio', () => {
  it('is wired to what somebody types, also after all inputs were left', async () => {
    const input = new PassThrough()
    const { log, lines, until } = recordedLog()
    const chip = typedGpio(input, log)
    const said = journal<boolean>()
    const listen = () =>
      chip
        .input(17, { pull: 'up', debounce: 0 })
        .pipe(tap(({ level }) => said.add(level)))
        .subscribe()
    const first = listen()
    input.write('hello\x07\n17 LOW\n')
    await said.until((level) => !level)
    first.unsubscribe()
    const second = listen()
    input.write('17 0\n')
    await said.until((level) => !level, 3)
    second.unsubscribe()
    expect(said.entries).toEqual([true, false, true, false])
    await until(/got "hello\\u\{7\}"/)
    expect(lines).toHaveLength(1)
  })

  it('says what its outputs are set to', () => {
    const { log, lines } = recordedLog()
    NEVER.pipe(startWith(true), typedGpio(new PassThrough(), log).output(19)).subscribe().unsubscribe()
    expect(lines).toEqual(['info: GPIO 19 is HIGH'])
  })
})
