import { delay, of, throwError } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { marbles } from './marbles.js'

/** What a failing marble test says. */
function failure(test: Parameters<typeof marbles>[0], frame?: number): string {
  try {
    marbles(test, frame)
  } catch (error) {
    return (error as Error).message
  }
  return 'it passed'
}

const lines = (...texts: string[]) => texts.join('\n')
const attic = (value: number) => ({ destination: 'attic', value })

describe('a failing marble test', () => {
  it('shows the marbles expected and got below each other, and points at the first difference', () => {
    const text = failure(({ cold, expectObservable }) =>
      expectObservable(cold('-a-b-|').pipe(delay(1))).toBe('--a--b|'),
    )
    expect(text).toBe(
      lines(
        'The marbles differ at frame 4:', //
        '  expected  --a--b|',
        '  actual    --a-b|',
        '                ^',
      ),
    )
  })

  it('says what the letters stand for, the same letter for equal values', () => {
    const text = failure(({ cold, expectObservable }) =>
      expectObservable(cold('-x-y-|', { x: attic(21), y: attic(22) })).toBe('-x-x-|', { x: attic(21) }),
    )
    expect(text).toBe(
      lines(
        'The marbles differ at frame 3:',
        '  expected  -a-a-|',
        '  actual    -a-b-|',
        '               ^',
        "  a = { destination: 'attic', value: 21 }",
        "  b = { destination: 'attic', value: 22 }",
      ),
    )
  })

  it('takes no letter that is a value itself', () => {
    const text = failure(({ expectObservable }) => expectObservable(of('a', 1)).toBe('(a|)'))
    expect(text).toBe(
      lines(
        'The marbles differ at frame 0:',
        '  expected  (a|)',
        '  actual    (ab|)',
        '            ^',
        '  b = 1',
      ),
    )
  })

  it('shows nothing as a silent line', () => {
    const text = failure(({ cold, expectObservable }) => expectObservable(cold('--')).toBe('--a'))
    expect(text).toBe(
      lines(
        'The marbles differ at frame 2:', //
        '  expected  --a',
        '  actual    -',
        '              ^',
      ),
    )
  })

  it('shows which errors were expected and got', () => {
    const text = failure(({ expectObservable }) =>
      expectObservable(throwError(() => new Error('no adapter'))).toBe(
        '#',
        undefined,
        new Error('no broker'),
      ),
    )
    expect(text).toBe(
      lines(
        'The marbles differ at frame 0:',
        '  expected  #',
        '  actual    #',
        '            ^',
        '  # expected = Error: no broker',
        '  # actual = Error: no adapter',
      ),
    )
  })

  it('shows each subscription on a line of its own', () => {
    const text = failure(({ hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot('-a-|')
      expectObservable(source$, '^-!').toBe('-a')
      expectObservable(source$, '-^').toBe('-a-|')
      expectSubscriptions(source$.subscriptions).toBe(['^-!', '^--!'])
    })
    expect(text).toBe(
      lines(
        'The marbles differ at frame 0:',
        '  expected  ^-!',
        '  expected  ^--!',
        '  actual    ^-!',
        '  actual    -^-!',
        '            ^',
      ),
    )
  })

  it('counts in its own frames, and writes a long silence as a time', () => {
    const text = failure(
      ({ cold, expectObservable }) => expectObservable(cold('-a 2m b')).toBe('-a 4m b'),
      1000,
    )
    expect(text).toBe(
      lines(
        'The marbles differ at frame 122:',
        '  expected  -a 120s - 119s b',
        '  actual    -a 120s b',
        '                    ^',
      ),
    )
  })
})

it('passes when the marbles are equal', () => {
  expect(failure(({ cold, expectObservable }) => expectObservable(cold('-a|')).toBe('-a|'))).toBe('it passed')
})
