import { describe, expect, it } from 'vitest'
import { readOtherwise } from '../../src/config/yamlScalars.js'
import { checkYaml } from './check.js'

describe('what PyYAML makes of a text without quotes', () => {
  it.each<[text: string, as: string, value: number | boolean | undefined]>([
    ...['yes', 'YES', 'On', 'ON', 'true'].map(
      (text) => [text, 'a boolean', true] as [string, string, boolean],
    ),
    ...['NO', 'no', 'Off', 'off', 'False'].map(
      (text) => [text, 'a boolean', false] as [string, string, boolean],
    ),
    ['0123', 'a number', 83],
    ['0x1F', 'a number', 31],
    ['0b101', 'a number', 5],
    ['1_000', 'a number', 1000],
    ['-17', 'a number', -17],
    ['12:30', 'a number', 750],
    ['10:20:30:40:50:59', 'a number', 8_041_827_059],
    ['1.50', 'a number', 1.5],
    ['1.5e+3', 'a number', 1500],
    ['1:30.5', 'a number', 90.5],
    ['-.inf', 'a number', -Infinity],
    ['.NaN', 'a number', NaN],
    ['2026-11-27', 'a date', undefined],
    ['2026-11-27T10:00:00Z', 'a date', undefined],
    ['~', 'nothing', undefined],
    ['null', 'nothing', undefined],
    ['=', 'no text at all', undefined],
  ])('%s is %s', (text, as, value) => {
    expect(readOtherwise(text)).toEqual({ as, ...(value !== undefined && { value }) })
  })

  it.each([
    'y',
    'n',
    'Y',
    '08',
    '09',
    '1e3',
    'e1',
    'E12',
    'yES',
    'pass#word',
    '',
    'nULL',
    '10:20:30:40:50:60',
  ])('%s is the text it is', (text) => expect(readOtherwise(text)).toBeUndefined())

  it.each(['00:11:22:33:44:55', '01:02:03:04:05:06', 'a4:c1:38:11:22:33'])(
    'the address %s is a text',
    (text) => expect(readOtherwise(text)).toBeUndefined(),
  )
})

const said = 'without quotes the Python program reads this as'

/** What is said of a parameter of a connection or a sensor. */
const checkOf = async (parameter: string, inSensor = false) =>
  checkYaml(`
Connection0:
  {Class: test.Link, Name: mq, Client: c, Host: localhost${inSensor ? '' : `, ${parameter}`}}
Sensor0:
  Class: test.Constant
  ${inSensor ? parameter : 'Value: x'}
  Connections: {mq: {StateDest: place}}`)

describe('a text without quotes is what is written, and a warning says what the original made of it', () => {
  it.each([
    ['Password: 0123', `3: warning: [Connection0] Password: ${said} a number`],
    ['Password: 12:30', `3: warning: [Connection0] Password: ${said} a number`],
    ['Password: yes', `3: warning: [Connection0] Password: ${said} a boolean`],
    ['Password: ~', `3: warning: [Connection0] Password: ${said} nothing`],
    ['Password: 2026-11-27', `3: warning: [Connection0] Password: ${said} a date`],
    ['Password: =', `3: warning: [Connection0] Password: ${said} no text at all`],
    ['Port: 01772', `3: warning: [Connection0] Port: ${said} a number`],
  ])('%s', async (parameter, warning) => {
    expect(await checkOf(parameter)).toEqual([expect.stringContaining(warning)])
  })

  it.each([
    'Password: "0123"',
    'Password: 123',
    'Password: 1e3',
    'Password: y',
    'Password: pass#word',
    'Port: 1883',
    'Pause: 2.50',
  ])('%s is nothing to speak of', async (parameter) => expect(await checkOf(parameter)).toEqual([]))

  it.each(['yes', 'NO', 'On', 'off', '1'])('Loud: %s is a boolean to both', async (word) => {
    expect(await checkOf(`Loud: ${word}`, true)).toEqual([])
  })

  it('never shows a password', async () => {
    expect((await checkOf('Password: 0777')).join()).not.toContain('0777')
  })
})
