import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { check } from './check.js'

type Lines = readonly string[]

const delimiter = fc.constantFrom('=', ' = ', ': ', ' :\t')
const spelling = fc.constantFrom(
  (key: string) => key,
  (key: string) => key.toLowerCase(),
  (key: string) => key.toUpperCase(),
)
const filler = fc.constantFrom('', '', '', '\n', '\n# comment = 1', '\n  ; [comment]')

const option = (key: string, value: fc.Arbitrary<string>) =>
  fc
    .tuple(spelling, delimiter, value, filler)
    .map(([spell, sign, text, rest]) => `${spell(key)}${sign}${text}${rest}`)

const section = (name: string, options: fc.Arbitrary<string>[]) =>
  fc
    .tuple(...options)
    .chain((lines) =>
      fc.shuffledSubarray(lines, { minLength: lines.length }).map((shuffled) => [`[${name}]`, ...shuffled]),
    )

const names = ['MQTT', 'local']
const connection = (number: number) =>
  section(`Connection${number}`, [
    option('Class', fc.constant('test.Link')),
    option('Name', fc.constant(names[number] ?? '')),
    option('Client', fc.constant(`client${number}`)),
    option('Host', fc.constantFrom('localhost', '::1', 'broker.example')),
    option('Port', fc.integer({ min: 1, max: 65535 }).map(String)),
    option('Password', fc.constantFrom('', 'p#ss;w=rd', 'one\n  two\n\n  = three')),
  ])
const sensor = (number: number) =>
  section(`Sensor${number}`, [
    option('Class', fc.constantFrom('test.Constant', 'test.other.Constant')),
    option('Destination', fc.constant(`place${number}`)),
    option('Connection', fc.constantFrom('MQTT', 'local', 'MQTT, local', 'local,MQTT')),
    option('Loud', fc.constantFrom('yes', 'NO', '1', 'off')),
  ])

const validFile: fc.Arbitrary<Lines> = fc
  .tuple(connection(0), connection(1), sensor(0), sensor(1))
  .chain((sections) => fc.shuffledSubarray(sections, { minLength: sections.length }))
  .map((sections) => sections.flat().join('\n').split('\n'))

/** Puts a line in after the one with this index. */
const insert = (lines: Lines, index: number, line: string) => lines.toSpliced(index + 1, 0, line)

/** Where a fault can be planted, how, and what is said about the line it comes to stand in. */
interface Fault {
  readonly at: RegExp
  readonly plant: (lines: Lines, index: number) => Lines
  readonly after?: boolean
  readonly said: RegExp
}

const replaceValue = (value: string) => (lines: Lines, index: number) =>
  lines.with(index, (lines[index] ?? '').replace(/([=:]\s*).*/, `$1${value}`))

const faults: Record<string, Fault> = {
  'an unknown key': {
    at: /^\[/,
    after: true,
    plant: (lines, index) => insert(lines, index, 'Levle = INFO'),
    said: /Levle: unknown parameter, did you mean Level\?$/,
  },
  'a wrong number': {
    at: /^port/i,
    plant: replaceValue('65536'),
    said: /port: expected an integer from 1 to 65535, got "65536"$/i,
  },
  'a wrong boolean': {
    at: /^loud/i,
    plant: replaceValue('perhaps'),
    said: /loud: expected YES or NO .*, got "perhaps"$/i,
  },
  'a wrong topic': {
    at: /^destination/i,
    plant: replaceValue('a/#'),
    said: /destination: expected a topic/i,
  },
  'a URL for a host': {
    at: /^host/i,
    plant: replaceValue('mqtt://localhost'),
    said: /host: expected a host name/i,
  },
  'an unknown class': {
    at: /^class/i,
    plant: replaceValue('test.Unknown'),
    said: /class: expected a class of (connections|sensors), got "test.Unknown"/i,
  },
  'an unknown connection': {
    at: /^connection/i,
    plant: replaceValue('MQTT, attic'),
    said: /connection: expected the Name of a connection, got "attic"/i,
  },
  'a duplicate key': {
    at: /^(class|host|loud|destination)/i,
    after: true,
    plant: (lines, index) => insert(lines, index, lines[index] ?? ''),
    said: /given twice, first in line \d+/,
  },
  'a duplicate section': {
    at: /^\[/,
    plant: (lines, index) => [...lines, lines[index] ?? ''],
    said: /there are two sections of this name, the first in line \d+/,
  },
  'a line that is none': {
    at: /^(\[|class|host|loud|destination)/i,
    after: true,
    plant: (lines, index) => insert(lines, index, 'hunter2'),
    said: /expected "Key = value", a \[Section\], or # before a comment$/,
  },
}

describe('check', () => {
  it('finds nothing wrong with valid files', async () => {
    await fc.assert(
      fc.asyncProperty(validFile, async (lines) => {
        expect(await check(lines.join('\n'))).toEqual([])
      }),
    )
  })

  it.each(Object.entries(faults))('names exactly the line of %s', async (_, { at, plant, after, said }) => {
    await fc.assert(
      fc.asyncProperty(validFile, fc.nat(), async (lines, nth) => {
        const places = lines.flatMap((line, index) => (at.test(line) ? index : []))
        const index = places[nth % places.length] ?? 0
        const planted = plant(lines, index)
        const line = planted.length > lines.length && !after ? planted.length : index + (after ? 2 : 1)
        const problems = await check(planted.join('\n'))
        expect(problems).toEqual([expect.stringMatching(said)])
        expect(problems[0]).toMatch(new RegExp(`^${line}: `))
      }),
    )
  })
})
