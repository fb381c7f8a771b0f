import { describe, expect, it } from 'vitest'
import { wellFormed } from '../src/wellFormed.js'
import type { Reading } from '../src/model.js'
import { marbles } from '../src/testing/marbles.js'
import { recordedLog } from './support/recordedLog.js'

const good = { destination: 'attic', value: 21.5 }
const values = (bad: unknown) => ({ a: good, b: bad as Reading })

describe('wellFormed', () => {
  it.each([
    42,
    null,
    undefined,
    {},
    { value: 3 },
    { destination: 5, value: 1 },
    [good],
    { ...good, value: NaN },
    { ...good, forgets: 7 },
  ])('leaves out %j, says so once, and goes on', (bad) => {
    const { log, lines } = recordedLog()
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const readings$ = hot('-a-b-b-a-|', values(bad))
      const expected = '     -a-----a-|'
      const subs = '         ^--------!'
      expectObservable(readings$.pipe(wellFormed(log))).toBe(expected, values(bad))
      expectSubscriptions(readings$.subscriptions).toBe(subs)
    })
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^error: expected readings such as .*, got /)
  })

  it.each([
    ['never', '-----', '-----'],
    ['nothing', '--|', '--|'],
    ['an error', '-a-#', '-a-#'],
    ['a burst', '(aba|)', '(aa|)'],
  ])('passes %s', (_, source, expected) =>
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold(source, values(0)).pipe(wellFormed(recordedLog().log))).toBe(expected, values(0))
    }),
  )

  it('leaves an endless source when it is left', () =>
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const readings$ = hot('-a-a-a', values(0))
      expectObservable(readings$.pipe(wellFormed(recordedLog().log)), '^--!').toBe('-a', values(0))
      expectSubscriptions(readings$.subscriptions).toBe('^--!')
    }))
})
