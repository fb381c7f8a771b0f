import { Subject, tap } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { turns } from '../../src/operators/turns.js'
import { collect } from '../support/collect.js'
import { marbles } from '../../src/testing/marbles.js'

const nobody = () => undefined

/** A circle in which every word is followed by those that `rules` names for it. */
function circle(rules: Readonly<Record<string, readonly string[]>>, limit?: number) {
  const loops: string[] = []
  const words$ = new Subject<string>()
  const inTurn = turns((names) => loops.push(names.join(' ')), limit)
  const heard = collect(
    words$.pipe(
      inTurn((word) => word),
      tap((word) => rules[word]?.forEach((next) => words$.next(next))),
    ),
  )
  return { say: (word: string) => words$.next(word), heard, loops }
}

describe('turns', () => {
  it.each([
    { name: 'says nothing while nothing comes', source: '---', subs: '^--' },
    { name: 'completes with an empty source', source: '--|', subs: '^-!' },
    { name: 'passes one', source: '-a-|', subs: '^--!' },
    { name: 'passes many', source: '-ab-a|', subs: '^----!' },
    { name: 'fails with the source', source: '-a-#', subs: '^--!' },
    { name: 'goes on with an endless source', source: '-a-a-', subs: '^----' },
    { name: 'takes a burst in one frame one by one', source: '(aba|)', subs: '(^!)' },
  ])('$name', ({ source, subs }) =>
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold(source)
      expectObservable(source$.pipe(turns(nobody)((word) => word))).toBe(source)
      expectSubscriptions(source$.subscriptions).toBe(subs)
    }),
  )

  it('leaves the source when it is left', () =>
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('-a-a')
      expectObservable(source$.pipe(turns(nobody)()), '^-!').toBe('-a')
      expectSubscriptions(source$.subscriptions).toBe('^-!')
    }))

  it('delivers what is said meanwhile afterwards, to everybody in the same order', () => {
    const [words$, shared$] = [new Subject<string>(), new Subject<string>()]
    words$.pipe(turns(nobody)()).subscribe(shared$)
    shared$.pipe(tap((word) => word === 'a' && words$.next('b'))).subscribe()
    const heard = collect(shared$)
    words$.next('a')
    expect(heard).toEqual(['a', 'b'])
  })

  it('drops what would go round for ever, and says who is in the loop', () => {
    const { say, heard, loops } = circle({ x: ['a'], a: ['b'], b: ['a'] })
    say('x')
    expect(heard).toEqual(['x', 'a', 'b'])
    expect(loops).toEqual(['a b a'])
  })

  it('does not take two ways to one end for a loop', () => {
    const { say, heard, loops } = circle({ a: ['b', 'c'], b: ['d'], c: ['d'] })
    say('a')
    say('a')
    expect(heard).toEqual(Array.from('abcddabcdd'))
    expect(loops).toEqual([])
  })

  it('ends ways that multiply', () => {
    const steps = Array.from(
      { length: 40 },
      (_, step) => [`${step}`, [`${step + 1}`, `${step + 1}`]] as const,
    )
    const { say, heard, loops } = circle(Object.fromEntries(steps), 100)
    say('0')
    expect(heard).toHaveLength(100)
    expect(loops[0]).toMatch(/^0 1 2 /)
    say('39')
    expect(heard.slice(100)).toEqual(['39', '40', '40'])
  })
})
