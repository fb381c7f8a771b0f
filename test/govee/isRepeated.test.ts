import { filter, from } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { isRepeated } from '../../src/govee/isRepeated.js'
import { marbles } from '../support/marbles.js'
import { advertisementOf } from './advertisementOf.js'
import { allOf } from './allOf.js'
import { encrypted } from './encrypted.js'
import { deviceOf, observationOf } from './observationOf.js'

const press = (nonce: number, device = deviceOf()) => ({
  ...observationOf(device, { decimals: 0, event: { type: 'button', button: 0, action: 'press' } }),
  advertisement: advertisementOf({
    manufacturerData: ['88ec0108f30ad232393756340105', encrypted(8, 100, 0, nonce)],
  }),
})

function presses() {
  const device = deviceOf()
  return { a: press(1, device), b: press(2, device), z: press(1), w: observationOf(device, {}) }
}

describe('isRepeated', () => {
  it.each([
    ['says nothing for a source that never speaks', '-', '-'],
    ['completes with an empty source', '|', '|'],
    ['passes a single event', '-a|', '-a|'],
    ['drops repeats of an event', '-aaa-a|', '-a----|'],
    ['passes the next event, the same button though it be', '-aa-b-b|', '-a--b--|'],
    ['drops a repeat that was overtaken by the next event', '-aab-ab|', '-a-b---|'],
    ['passes the event of another device', '-aza-z|', '-az---|'],
    ['passes what is not encrypted, again and again', '-aw-w|', '-aw-w|'],
    ['passes an error on', '-aa#', '-a-#'],
    ['goes on with an endless source', '-aa-b-', '-a--b-'],
    ['takes a synchronous burst one by one', '(aabb|)', '(ab|)'],
  ])('%s', (_, source, expected) =>
    marbles(({ cold, expectObservable }) => {
      const values = presses()
      expectObservable(cold(source, values).pipe(filter((observation) => !isRepeated(observation)))).toBe(
        expected,
        values,
      )
    }),
  )

  it('leaves the source when it is left', () =>
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const values = presses()
      const source$ = hot(' -a-b-', values)
      const leave = '       --!'
      expectObservable(source$.pipe(filter((observation) => !isRepeated(observation))), leave).toBe(
        '-a',
        values,
      )
      expectSubscriptions(source$.subscriptions).toBe('^-!')
    }))

  it('remembers the latest nonces only, for a device with new batteries may count from the start', async () => {
    const device = deviceOf()
    const counted = [1, 2, 3, 4, 5, 6, 7, 8, 9, 1].map((nonce) => press(nonce, device))
    expect(await allOf(from(counted).pipe(filter((observation) => !isRepeated(observation))))).toEqual(
      counted,
    )
  })
})
