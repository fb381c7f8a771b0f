import { TestScheduler } from 'rxjs/testing'
import { expect, test } from 'vitest'
import type { Advertisement } from '../../src/bluetooth/advertisement.js'
import { sharedRadio } from '../../src/bluetooth/sharedRadio.js'
import { quietLog } from '../support/quietLog.js'

const a: Advertisement = {
  address: 'a4:c1:38:11:22:33',
  serviceUuids: [],
  manufacturerData: [],
  serviceData: [],
}
const marbles = (test: Parameters<TestScheduler['run']>[0]) =>
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(test)

test('all sensors share one scan, open as long as anybody listens', () => {
  marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const radio$ = cold('-a-a-a-a', { a })
    const shared$ = sharedRadio(radio$, quietLog())
    expectObservable(shared$, '^---!').toBe('   -a-a', { a })
    expectObservable(shared$, '--^---!').toBe(' ---a-a', { a })
    expectSubscriptions(radio$.subscriptions).toBe('^-----!')
  })
})

test('a radio that fails is opened again', () => {
  marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const radio$ = cold('a#', { a }, new Error('No adapter.'))
    expectObservable(sharedRadio(radio$, quietLog()), '^ 1500ms !').toBe('a 1000ms a', { a })
    expectSubscriptions(radio$.subscriptions).toBe(['^!', '1001ms ^!'])
  })
})
