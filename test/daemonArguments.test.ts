import { describe, expect, it } from 'vitest'
import { daemonArguments } from '../src/daemonArguments.js'

const readable = process.execPath

describe('the arguments of a daemon', () => {
  it.each([
    ['home.ini', {}],
    ['run home.ini', {}],
    ['run home.conf', {}, 'home.conf'],
    ['home.ini --replay -', { replay: '-' }],
    [
      `run --replay ${readable} --broker home.ini --simulate`,
      { replay: readable, broker: true, simulate: true },
    ],
  ])('%s', (line, options, file = 'home.ini') => {
    expect(daemonArguments(line.split(' '))).toEqual([file, options])
  })

  it.each([
    '',
    'check home.ini',
    'home.conf',
    'run home.ini other.ini',
    'home.ini --replay',
    'home.ini --replay /no/such/file',
    'home.ini --replay - --simulate',
    'home.ini --speed max',
    'home.ini --replay=-',
    '--help',
  ])('are left to the command line where that has to say more: "%s"', (line) => {
    expect(daemonArguments(line.split(' ').filter(Boolean))).toBeUndefined()
  })
})
