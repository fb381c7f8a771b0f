import { ignoreElements, tap } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { ClassTable } from '../../src/config/classes.js'
import { load } from '../../src/config/load.js'
import { deliverySchema } from '../../src/plugin/deliveryFields.js'
import { text } from '../../src/fields/fields.js'
import { connectionPlugin, type PluginContext } from '../../src/plugin/plugin.js'
import { report } from '../../src/report.js'
import { check as checkWith } from './check.js'
import { dummies, environment } from './dummies.js'

/** Connections that deliver: what they were lent, by name, and what they were given. */
function wire() {
  const spools: Record<string, PluginContext['spools']> = {}
  const given: unknown[] = []
  const Link = connectionPlugin({
    summary: 'A connection to the test.',
    options: z.object({ Name: text.describe('name'), ...deliverySchema.shape }),
    create: ({ Name }, context) => {
      spools[Name] = context.spools
      return (readings$) =>
        readings$.pipe(
          tap(({ delivery }) => given.push(delivery)),
          ignoreElements(),
        )
    },
  })
  const classes: ClassTable = { ...dummies, connections: { Link: () => Promise.resolve(Link) } }
  return { spools, given, classes }
}

const link = (name: string, ...lines: string[]) =>
  [`[Connection${name}]`, 'Class = Link', `Name = ${name}`, ...lines].join('\n')
const sensor = (number: number, ...lines: string[]) =>
  [`[Sensor${number}]`, 'Class = test.Constant', `Destination = x${number}`, ...lines].join('\n')

const check = (...sections: string[]) => checkWith(sections.join('\n'), { classes: wire().classes })

/** Runs a configuration without errors, and leaves it at once. */
async function run(...sections: string[]) {
  const { classes, ...ends } = wire()
  const { reporter, problems } = await load(sections.join('\n'), { ...environment, classes })
  expect(problems).toEqual([])
  if (!reporter) throw new Error('the configuration cannot be used')
  report(reporter)
    .subscribe({ error: (error: unknown) => expect.unreachable(String(error)) })
    .unsubscribe()
  return ends
}

describe('how a section wants its readings delivered', () => {
  it.each([
    [[], undefined],
    [['QoS = 2', 'Retain = yes', 'Offline = LAST  3'], { qos: 2, retain: true, offline: { last: 3 } }],
    [['Offline = None'], { offline: 'none' }],
    [['SendReadings = no'], { offline: 'none' }],
    [['SendReadings = yes'], { offline: { last: 1 } }],
    [['SendReadings = yes', 'NumberOfReadings = 10'], { offline: { last: 10 } }],
    [['SendReadings = yes', 'NumberOfReadings = 0'], { offline: 'all' }],
  ])('is said on each of them: %j', async (lines, delivery) => {
    const { given } = await run(link('A'), sensor(0, ...lines))
    expect(given).toEqual([delivery])
  })

  it.each([
    ['QoS = 3', 'QoS: expected 0, 1 or 2, got "3"'],
    ['Offline = last', 'Offline: expected none, latest, last N (N from 1 to 100000) or all, got "last"'],
    ['Offline = last 0', 'Offline: expected none, latest, last N (N from 1 to 100000) or all, got "last 0"'],
    [
      'NumberOfReadings = 5',
      'NumberOfReadings: expected SendReadings = YES beside it: alone it says nothing',
    ],
    [
      'SendReadings = yes\nOffline = all',
      'SendReadings: Offline says the same in other words: leave out one of them',
    ],
    [
      'Spool = home',
      'Spool: nothing would ever be kept there: expected Offline = last N or Offline = all beside it',
    ],
  ])('is an error where it is %j', async (lines, message) => {
    expect(await check(link('A'), sensor(0, lines))).toEqual([
      expect.stringContaining(`: error: [Sensor0] ${message}`),
    ])
    expect(await check(link('A', lines), sensor(0))).toEqual([
      expect.stringContaining(`: error: [ConnectionA] ${message}`),
    ])
  })
})

describe('a Spool', () => {
  const all = 'Offline = all'

  it('is the file that the section names, or one for each of several connections', async () => {
    const { spools } = await run(
      link('A', all, 'Spool = own'),
      link('B/1'),
      sensor(0, all, 'Spool = both'),
      sensor(1, all, 'Spool = first', 'Connection = A'),
    )
    expect(spools).toEqual({
      A: { own: 'own', both: 'both.A', first: 'first' },
      'B/1': { both: 'both.B%2F1' },
    })
  })

  it('is used where section and connection say it together', async () => {
    expect(await check(link('A', all), sensor(0, 'Spool = home'))).toEqual([])
    expect(await check(link('A', 'Spool = home'), sensor(0, all))).toEqual([])
  })

  it('is an error where two connections share it, and names both', async () => {
    expect(await check(link('A', all, 'Spool = home'), link('B', all, 'Spool = home'), sensor(0))).toEqual([
      '10: error: [ConnectionB] Spool: same file as [ConnectionA] (line 5): every connection needs its own',
    ])
  })
})
