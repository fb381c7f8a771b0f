import { map, Subject, take, tap } from 'rxjs'
import { expect, it } from 'vitest'
import type { LinkState } from '../../src/delivery/linkState.js'
import type { Reading } from '../../src/model.js'
import { outbox } from '../../src/operators/outbox.js'
import { allOf } from '../govee/allOf.js'
import { marbles } from '../support/marbles.js'

const values = {
  a: { destination: 'attic', value: 21 },
  e: { destination: 'button', value: 1, event: true as const },
}

it.each([
  ['passes an event while the link is up', '          -----e', 'o', '-----e'],
  ['drops an event while the link is down, since it would be late', '-a-e-----', '------o', '------a'],
  ['drops an event before the link is first up', '     -e--', '-----', '-----'],
])('%s', (_, source, online, expected) =>
  marbles(({ hot, expectObservable }) => {
    const state$ = hot(online, { o: 'open' as const })
    expectObservable(hot(source.trim(), values).pipe(outbox(state$))).toBe(expected, values)
  }),
)

it('passes an event that happens while what was kept goes out', async () => {
  const readings$ = new Subject<Reading>()
  const state$ = new Subject<LinkState>()
  const sent$ = readings$.pipe(
    outbox(state$),
    tap(({ destination }) => {
      if (destination === 'attic') readings$.next(values.e)
    }),
    take(3),
    map(({ destination }) => destination),
  )
  const sent = allOf(sent$)
  readings$.next(values.a)
  readings$.next({ destination: 'cellar', value: 9 })
  state$.next('open')
  expect((await sent).toSorted()).toEqual(['attic', 'button', 'cellar'])
})
