import { Subject, take } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Command } from '../../src/model.js'
import { withoutEchoes } from '../../src/operators/withoutEchoes.js'
import { collect } from '../support/collect.js'
import { marbles } from '../../src/testing/marbles.js'

const values: Record<string, Command> = {
  a: { source: 'lamp', payload: 'ON' },
  b: { source: 'lamp', payload: 'OFF' },
  c: { source: 'fan', payload: 'ON' },
  r: { source: 'lamp', payload: 'ON', retained: true },
}

describe('withoutEchoes', () => {
  it.each([
    { name: 'says nothing while nothing comes', sent: 'a--', source: '---', expected: '---', subs: '^--' },
    { name: 'completes with an empty source', sent: 'a--', source: '--|', expected: '--|', subs: '^-!' },
    { name: 'passes what was not sent', sent: '---', source: '-a|', expected: '-a|', subs: '^-!' },
    { name: 'takes out what was sent', sent: 'a--', source: '-a|', expected: '--|', subs: '^-!' },
    { name: 'takes it out once', sent: 'a----', source: '-aa-|', expected: '--a-|', subs: '^---!' },
    {
      name: 'takes out as many as were sent',
      sent: '(aa)',
      source: '----aaa|',
      expected: '------a|',
      subs: '^------!',
    },
    { name: 'tells payloads apart', sent: 'a---', source: '-ba|', expected: '-b-|', subs: '^--!' },
    { name: 'tells topics apart', sent: 'a---', source: '-ca|', expected: '-c-|', subs: '^--!' },
    { name: 'passes what the broker had kept', sent: 'a---', source: '-ra|', expected: '-r-|', subs: '^--!' },
    {
      name: 'waits however long',
      sent: 'a 10s -',
      source: '- 99s a|',
      expected: '- 99s -|',
      subs: '^ 99001ms !',
    },
    { name: 'fails with the source', sent: 'a--', source: '-a#', expected: '--#', subs: '^-!' },
    {
      name: 'goes on when no more is sent',
      sent: 'a-|',
      source: '-a-a-b',
      expected: '---a-b',
      subs: '^-----',
    },
    { name: 'takes a burst one by one', sent: 'b---', source: '-(abc)', expected: '-(ac)', subs: '^-----' },
  ])('$name', ({ sent, source, expected, subs }) =>
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold(source, values)
      expectObservable(source$.pipe(withoutEchoes(hot(sent, values)))).toBe(expected, values)
      expectSubscriptions(source$.subscriptions).toBe(subs)
    }),
  )

  it('leaves both when it is left', () =>
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('-b--', values)
      const sent$ = cold('  a---', values)
      const leave = '       ^-!'
      expectObservable(source$.pipe(withoutEchoes(sent$)), leave).toBe('-b', values)
      for (const { subscriptions } of [source$, sent$]) expectSubscriptions(subscriptions).toBe(leave)
    }))

  it('forgets the oldest beyond its limit', () => {
    const [sent$, source$] = [new Subject<Command>(), new Subject<Command>()]
    const heard = collect(source$.pipe(withoutEchoes(sent$, 2), take(1)))
    for (const payload of ['1', '2', '3']) sent$.next({ source: 'lamp', payload })
    for (const payload of ['3', '2', '1']) source$.next({ source: 'lamp', payload })
    expect(heard).toEqual([{ source: 'lamp', payload: '1' }])
  })

  it('counts for each subscriber apart', () =>
    marbles(({ hot, expectObservable }) => {
      const commands$ = hot('-a-a', values)
      const sent$ = hot('    a---', values)
      const heard$ = commands$.pipe(withoutEchoes(sent$))
      expectObservable(heard$).toBe('---a', values)
      expectObservable(heard$, '-^').toBe('-a-a', values)
    }))
})
