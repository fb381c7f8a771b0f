import { of, Subject, take, tap, throwError } from 'rxjs'
import { describe, it } from 'vitest'
import { writeBehind, type Written } from '../../src/spool/writeBehind.js'
import { marbles } from '../support/marbles.js'

const letters: Readonly<Record<string, Written>> = { a: 'written', f: 'failed' }

/** Writes that end like this, one after the other, and from then on well. */
function endings(...ends: Written[]) {
  return () => of(ends.shift() ?? 'written')
}
const nothingNew = () => false

/** One character is 100 ms. */
const slowly = (test: Parameters<typeof marbles>[0]) => marbles(test, 100)

describe('writeBehind', () => {
  it('writes at once, and not again while nothing changes', () => {
    slowly(({ cold, expectObservable }) => {
      const changed = ' -------------'
      const expected = 'a------------'
      expectObservable(writeBehind(cold(changed), endings(), nothingNew)).toBe(expected, letters)
    })
  })

  it('writes a second after the first of the changes, all of them together', () => {
    slowly(({ cold, expectObservable }) => {
      const changed = ' -xx-x----------x-----------'
      const expected = 'a----------a-------------a'
      expectObservable(writeBehind(cold(changed), endings(), nothingNew)).toBe(expected, letters)
    })
  })

  it('takes changes in one moment for one', () => {
    slowly(({ cold, expectObservable }) => {
      const changed = ' -(xxx)-------'
      const expected = 'a----------a-'
      expectObservable(writeBehind(cold(changed), endings(), nothingNew)).toBe(expected, letters)
    })
  })

  it('lets a slow write end before the next, a second later, takes what has come meanwhile', () => {
    slowly(({ cold, expectObservable, expectSubscriptions }) => {
      const changed = '-----x-----------x---------------------'
      const write = '  ---a|'
      const more = '   -------------a|'
      const first = '  ^---!'
      const second = ' -------------^-------------!'
      const expected = '---a----------------------a----'
      const [one, two] = [cold(write, letters), cold(more, letters)]
      const writes = [one, two]
      const hasNews = () => writes.length > 0
      expectObservable(writeBehind(cold(changed), () => writes.shift() ?? two, hasNews)).toBe(
        expected,
        letters,
      )
      expectSubscriptions(one.subscriptions).toBe(first)
      expectSubscriptions(two.subscriptions).toBe(second)
    })
  })

  it('writes what the end of a write has led to', () => {
    slowly(({ expectObservable }) => {
      const changed$ = new Subject<void>()
      let news = 0
      const write = () => {
        news = 0
        return of('written' as const)
      }
      const written$ = writeBehind(changed$, write, () => news > 0)
      const expected = 'a---------a---------(a|)'
      const changing = tap(() => {
        news += 1
        changed$.next()
      })
      expectObservable(written$.pipe(changing, take(3))).toBe(expected, letters)
    })
  })

  it('tries again ten seconds after a failure, whatever changes meanwhile', () => {
    marbles(({ cold, expectObservable }) => {
      const changed = ' --x-x-----------x--------x--------'
      const expected = 'f---------f---------a-----a-------'
      expectObservable(writeBehind(cold(changed), endings('failed', 'failed'), nothingNew)).toBe(
        expected,
        letters,
      )
    }, 1000)
  })

  it('ends when told to, with nothing left running', () => {
    slowly(({ cold, expectObservable, expectSubscriptions }) => {
      const changed = cold('-x-------')
      const unsub = '       -----!---'
      const expected = '    a--------'
      expectObservable(writeBehind(changed, endings(), nothingNew), unsub).toBe(expected, letters)
      expectSubscriptions(changed.subscriptions).toBe('^----!')
    })
  })

  it('completes with the changes, after the last of them is written', () => {
    slowly(({ cold, expectObservable }) => {
      const changed = ' -x|'
      const expected = 'a----------(a|)'
      expectObservable(writeBehind(cold(changed), endings(), nothingNew)).toBe(expected, letters)
    })
  })

  it('hands on an error', () => {
    slowly(({ cold, expectObservable }) => {
      expectObservable(writeBehind(cold('--#'), endings(), nothingNew)).toBe('a-#', letters)
      expectObservable(
        writeBehind(cold('---'), () => throwError(() => new Error('broken')), nothingNew),
      ).toBe('#', undefined, new Error('broken'))
    })
  })
})
