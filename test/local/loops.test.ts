import fc from 'fast-check'
import { Subject } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { localConnection, type LocalOptions } from '../../src/local/localConnection.js'
import { logicGate } from '../../src/local/logicGates.js'
import type { Reading } from '../../src/model.js'
import { report } from '../../src/report.js'
import { recordedLog } from '../support/recordedLog.js'

const topics = ['a', 'b', 'c', 'd', 'e']

const kinds = {
  or: (inputs: readonly boolean[]) => inputs.some(Boolean),
  and: (inputs: readonly boolean[]) => inputs.every(Boolean),
  not: (inputs: readonly boolean[]) => !inputs.some(Boolean),
}

interface Gate {
  readonly kind: keyof typeof kinds
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
}

/** Gates between local connections, what is said to them, and what comes of it: commands and lines of the log. */
function circle(gates: readonly Gate[], conditions: readonly Partial<LocalOptions>[] = [{}]) {
  const { log, lines } = recordedLog()
  const readings$ = new Subject<Reading>()
  const commands: string[] = []
  report({
    sensors: [readings$],
    connections: conditions.map((condition, index) =>
      localConnection({ name: `local${index}`, commandSources: topics, ...condition }, log),
    ),
    actuators: gates.map(({ kind, ...wiring }) => logicGate(kinds[kind], wiring)),
    log,
  }).subscribe({
    next: ({ source, payload }) => commands.push(`${source} ${payload}`),
    error: (error: unknown) => lines.push(String(error)),
  })
  const say = (destination: string, value: string) => readings$.next({ destination, value })
  return { say, commands, lines }
}

const warning = (members: string) =>
  `warn: ${members}: each of these commands leads to the next at once, without end; it is broken here`

describe('loops of local connections and actuators', () => {
  it('are broken where they close, and said once with their members', () => {
    const { say, commands, lines } = circle([
      { kind: 'not', inputs: ['a'], outputs: ['b'] },
      { kind: 'or', inputs: ['b'], outputs: ['c'] },
      { kind: 'or', inputs: ['c'], outputs: ['a'] },
    ])
    say('a', 'OFF')
    expect(commands).toEqual(['a OFF', 'b ON', 'c ON'])
    say('a', 'ON')
    say('a', 'OFF')
    say('b', 'OFF')
    expect(lines).toEqual([warning('a → b → c → a')])
  })

  it('are found over several connections', () => {
    const { say, lines } = circle(
      [{ kind: 'not', inputs: ['a'], outputs: ['a'] }],
      [{ onEq: 'OFF' }, { onEq: 'ON' }],
    )
    say('a', 'ON')
    expect(lines).toEqual([warning('a → a')])
  })

  it('are none where a circle comes to rest', () => {
    const { say, commands, lines } = circle([
      { kind: 'or', inputs: ['a', 'c'], outputs: ['b'] },
      { kind: 'or', inputs: ['b'], outputs: ['c'] },
    ])
    say('a', 'ON')
    expect(commands).toEqual(['a ON', 'b ON', 'c ON'])
    expect(lines).toEqual([])
  })

  it('have an end within the turn, whatever the configuration, and only real ones are said', () => {
    const some = fc.uniqueArray(fc.constantFrom(...topics), { minLength: 1, maxLength: 3 })
    const gate = fc.record({ kind: fc.constantFrom('or', 'and', 'not'), inputs: some, outputs: some })
    const condition = fc.constantFrom({}, { onEq: 'ON' }, { onEq: 'OFF' }, { onGt: 1 })
    const saying = fc.tuple(fc.constantFrom(...topics), fc.constantFrom('ON', 'OFF', 'TOGGLE', '2'))
    fc.assert(
      fc.property(
        fc.array<Gate>(gate, { maxLength: 6 }),
        fc.array(condition, { minLength: 1, maxLength: 2 }),
        fc.array(saying, { minLength: 1, maxLength: 6 }),
        (gates, conditions, sayings) => {
          const { say, commands, lines } = circle(gates, conditions)
          for (const [topic, value] of sayings) {
            const before = commands.length
            say(topic, value)
            expect(commands.length - before).toBeLessThanOrEqual(1000)
          }
          const leads = (from: string, to: string) =>
            gates.some(({ inputs, outputs }) => inputs.includes(from) && outputs.includes(to))
          for (const line of lines.filter((text) => text.includes('without end'))) {
            const members = /^warn: (.*): each/.exec(line)?.[1]?.split(' → ') ?? []
            expect(members.length).toBeGreaterThan(1)
            expect(members[0]).toBe(members.at(-1))
            members.slice(1).forEach((to, index) => expect(leads(members[index] ?? '', to)).toBe(true))
          }
        },
      ),
      { numRuns: 500 },
    )
  })
})
