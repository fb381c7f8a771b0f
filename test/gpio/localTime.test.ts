import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { localTime } from '../../src/gpio/localTime.js'
import { switchCommand } from '../../src/gpio/switchCommand.js'

describe('localTime', () => {
  it('is the local time of day, with microseconds and without a zone', () => {
    const at = new Date(2021, 9, 24, 16, 23, 41, 500)
    expect(localTime(at.getTime())).toBe('2021-10-24T16:23:41.500000')
  })

  it('always has the 26 characters by which others know it, and toggles', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1970-01-02'), max: new Date('9999-12-30'), noInvalidDate: true }),
        (date) => {
          expect(localTime(date.getTime())).toMatch(/^.{10}T.{15}$/)
          expect(switchCommand(localTime(date.getTime()))).toBe('TOGGLE')
        },
      ),
    )
  })
})

describe('switchCommand', () => {
  it.each([
    ['ON', 'ON'],
    ['OFF', 'OFF'],
    ['TOGGLE', 'TOGGLE'],
    ['2021-10-24T16:23:41.500792', 'TOGGLE'],
    ['2022-02-27T17:58:45.165491+0100', 'TOGGLE'],
    ['2022-02-27T17:58:45Z', 'TOGGLE'],
    ['on', undefined],
    ['', undefined],
    ['2021-10-24', undefined],
    ['TOGGLE; rm -rf /', undefined],
  ])('takes %j for %s', (payload, expected) => {
    expect(switchCommand(payload)).toBe(expected)
  })
})
