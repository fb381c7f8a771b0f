import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import {
  boolean,
  host,
  integer,
  level,
  name,
  names,
  path,
  seconds,
  secret,
  text,
} from '../../src/fields/fields.js'
import { fieldMeta } from '../../src/config/validate.js'
import { destination, rootTopic } from '../../src/fields/topicFields.js'

const fields: Record<string, z.ZodType> = {
  boolean,
  destination,
  host,
  'integer(1, 65535)': integer(1, 65535),
  'integer(0)': integer(0),
  level,
  name,
  names,
  path,
  rootTopic,
  'seconds(0.5)': seconds(0.5),
  secret,
  text,
}

const accepted: [field: string, text: string, value: unknown][] = [
  ...['yes', 'Yes', 'TRUE', 'on', '1'].map((word): [string, string, unknown] => ['boolean', word, true]),
  ...['no', 'No', 'FALSE', 'oFF', '0'].map((word): [string, string, unknown] => ['boolean', word, false]),
  ['integer(1, 65535)', '1', 1],
  ['integer(1, 65535)', '+65535', 65535],
  ['integer(1, 65535)', '0080', 80],
  ['integer(0)', '10485760', 10485760],
  ['seconds(0.5)', '0.5', 500],
  ['seconds(0.5)', '.5', 500],
  ['seconds(0.5)', '10', 10_000],
  ['seconds(0.5)', '+1.2345', 1235],
  ['level', 'debug', 'DEBUG'],
  ['level', 'Warning', 'WARNING'],
  ['name', 'MQTT one', 'MQTT one'],
  ['names', 'MQTT', ['MQTT']],
  ['names', ' MQTT ,local,, ', ['MQTT', 'local']],
  ['path', './certs/ca.crt', './certs/ca.crt'],
  ['secret', '', ''],
  ['secret', ' p#ss;word\0', ' p#ss;word\0'],
  ['text', 'client-1', 'client-1'],
  ...['localhost', 'a.b-c_d.example.', 'müller.local', '192.168.1.2', '::1', 'fe80::1', 'fe80::1%eth0'].map(
    (word): [string, string, unknown] => ['host', word, word],
  ),
  ['host', '[::1]', '::1'],
  ...['govee', 'attic/thermometer', 'status/x', '$x', 'Größe 🌡', 'a'.repeat(32_000), '/a', 'a/'].map(
    (word): [string, string, unknown] => ['destination', word, word],
  ),
  ...['sensor_reporter', 'a/b', 'a$', '/a/'].map((word): [string, string, unknown] => [
    'rootTopic',
    word,
    word,
  ]),
]

const refused: [field: string, texts: string[], expected: RegExp][] = [
  ['boolean', ['', 'maybe', '2', 'yes!', '01'], /^expected YES or NO \(or true, false, on, off, 1, 0\)$/],
  [
    'integer(1, 65535)',
    ['', '0', '65536', '-1', '1.0', '1e3', '0x10', '1_000', '1 0', 'NaN', '9'.repeat(400)],
    /^expected an integer from 1 to 65535$/,
  ],
  ['integer(0)', ['-1', '9007199254740993'], /^expected an integer of at least 0$/],
  [
    'seconds(0.5)',
    ['', '0', '0.4', '-1', '.', '1e9', 'inf', '2147484'],
    /^expected a number of seconds from 0.5 to 2147483$/,
  ],
  ['level', ['', 'LOUD', 'WARN', 'DEBUG INFO'], /^expected DEBUG, INFO, WARNING or ERROR$/],
  ['name', ['', 'a,b', 'a\nb'], /^expected a name in one line$/],
  ['names', ['', ',', ' , '], /^expected one name or several with commas between them$/],
  ['path', ['', 'a\0b'], /^expected the path of a file$/],
  ['text', ['', 'a\nb', 'a\0'], /^expected a text in one line, not empty, of at most 65535 bytes$/],
  [
    'host',
    [
      '',
      'mqtt://localhost',
      'localhost:1883',
      '[::1]:1883',
      'a b',
      'a..b',
      '300.1.1.1',
      '1.2.3',
      'a/b',
      'x'.repeat(64),
    ],
    /^expected a host name or an IP address$/,
  ],
  [
    'destination',
    [
      '',
      '+',
      'a/#',
      'a\0',
      'a\nb',
      '\x85',
      '\ud800',
      '\ufffe',
      '\u{1ffff}',
      'status',
      'refresh',
      'ä'.repeat(16_001),
    ],
    /^expected a topic below RootTopic$/,
  ],
  ['rootTopic', ['', '+/a', '#', '$SYS', 'a\0', '\udc00', '\ufdd0'], /^expected a topic$/],
]

const issuesOf = (field: string, value: string) => fields[field]?.safeParse(value).error?.issues

describe('the fields', () => {
  it.each(accepted)('%s reads %j', (field, value, result) => {
    expect(fields[field]?.safeParse(value)).toEqual({ success: true, data: result })
  })

  it.each(
    refused.flatMap(([field, texts, expected]) => texts.map((value) => [field, value, expected] as const)),
  )('%s refuses %j', (field, value, expected) => {
    expect(issuesOf(field, value)).toEqual([
      expect.objectContaining({ code: 'custom', message: expect.stringMatching(expected) as string }),
    ])
  })

  it.each([
    ['host', 'mqtt://localhost', 'leave out the protocol; port, user and TLS have parameters of their own'],
    ['host', 'localhost:1883', 'leave out the port, it is a parameter of its own'],
    ['destination', 'a/+', '+ and # are wildcards, which only a subscriber may use'],
    ['destination', 'health', "status, refresh, health and bluetooth below RootTopic are the program's own"],
    ['destination', '', 'it may not be empty'],
    ['destination', 'a\tb', 'it may not contain control characters or line breaks'],
    ['rootTopic', '$SYS/x', 'topics that begin with $ belong to the broker'],
    ['rootTopic', 'x'.repeat(32_001), 'it may have at most 32000 bytes'],
    ['name', 'a,b', 'a comma separates names, so it cannot be part of one'],
  ])('%s says about %j what to do', (field, value, advice) => {
    expect(issuesOf(field, value)?.[0]).toHaveProperty('params.advice', advice)
  })

  it.each([
    [rootTopic, '/a', true],
    [rootTopic, 'a/', true],
    [rootTopic, 'a/b', false],
    [destination.optional(), '/a', true],
    [destination, 'a', false],
  ])('topics with a / at an end draw a warning', (schema, topic, warned) => {
    expect(fieldMeta(schema).warn?.(topic, () => undefined) !== undefined).toBe(warned)
  })

  it('take any text without throwing, and never give out what a broker would refuse', () => {
    const topicText = fc.string({
      unit: fc.oneof(fc.string({ unit: 'binary', maxLength: 1 }), fc.constantFrom('/', '+', '\0')),
    })
    fc.assert(
      fc.property(topicText, (value) => {
        for (const field of Object.values(fields)) field.safeParse(value)
        const topic = destination.safeParse(value).data
        if (topic !== undefined) expect(topic).toMatch(/^[^+#\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]+$/u)
      }),
    )
  })
})
