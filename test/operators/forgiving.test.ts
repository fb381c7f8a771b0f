import { concat, defer, of, throwError } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { forgiving } from '../../src/operators/forgiving.js'
import { collect } from '../support/collect.js'
import { marbles } from '../../src/testing/marbles.js'
import { quietLog } from '../support/quietLog.js'

/** Reads what is written: a letter is a reading, `#` a failure. */
const reads = (script: string) => {
  const letters = script.split('')
  return () =>
    defer(() => {
      const letter = letters.shift() ?? '#'
      return letter === '#' ? throwError(() => new Error('CRC is wrong')) : of(letter)
    })
}

describe('forgiving', () => {
  it.each([
    ['passes readings on', 'abc', '(abc|)'],
    ['passes over as many failures in a row as are allowed', 'a##b', '(ab|)'],
    ['starts counting anew after a reading', '##a##b', '(ab|)'],
    ['fails at the next one', 'a###', '(a#)'],
  ])('%s', (_, script, expected) =>
    marbles(({ expectObservable }) => {
      const read = forgiving(reads(script), 2, quietLog())
      const error = new Error('CRC is wrong')
      expectObservable(concat(...script.split('').map(() => defer(read)))).toBe(expected, undefined, error)
    }),
  )

  it('reads nothing before it is subscribed to', () => {
    let count = 0
    const reading$ = forgiving(() => of((count += 1)), 2, quietLog())()
    expect([count, collect(reading$), count]).toEqual([0, [1], 1])
  })

  it('says in the debug log only what it passes over', () => {
    const log = quietLog()
    const read = forgiving(reads('#'), 1, log)
    read().subscribe()
    expect(log.debug).toHaveBeenCalledWith('no reading this time: CRC is wrong')
    expect(log.warn).not.toHaveBeenCalled()
  })
})
