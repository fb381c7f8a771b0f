import { delay, map, of, throwError } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { marbles } from '../../src/testing/marbles.js'

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
        'The marbles differ at frame 4: right value, 1 frame early', //
        '  expected  --a--b|',
        '  actual    --a-b|',
        '                ^',
      ),
    )
  })

  it('says what the letters stand for, which are those of the test', () => {
    const text = failure(({ cold, expectObservable }) =>
      expectObservable(cold('-x-y-|', { x: attic(21), y: attic(22) })).toBe('-x-x-|', { x: attic(21) }),
    )
    expect(text).toBe(
      lines(
        'The marbles differ at frame 3: another value: expected x, got y (value is 22 instead of 21)',
        '  expected  -x-x-|',
        '  actual    -x-y-|',
        '               ^',
        "  x = { destination: 'attic', value: 21 }",
        "  y = { destination: 'attic', value: 22 }",
      ),
    )
  })

  it('gives new letters to values that the test did not name', () => {
    const switched = { x: { on: false }, o: { on: true } }
    const text = failure(({ hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot('x--a|', { x: { on: false }, a: { on: 'a bit' } })
      expectObservable(source$).toEqual(source$)
      expectSubscriptions(source$.subscriptions).toBe(['^---!', '^---!', '^---!'])
      expectObservable(source$.pipe(map(({ on }) => ({ on, off: !on })))).toBe('x--o|', switched)
    })
    expect(text).toBe(
      lines(
        'The marbles differ at frame 0: another value: expected x, got b (off is true instead of absent)',
        '  expected  x--o|',
        '  actual    b--c|',
        '            ^',
        '  x = { on: false }',
        '  o = { on: true }',
        '  b = { on: false, off: true }',
        "  c = { on: 'a bit', off: false }",
      ),
    )
  })

  it('takes no letter that is a value itself', () => {
    const text = failure(({ expectObservable }) => expectObservable(of('a', 1)).toBe('(a|)'))
    expect(text).toBe(
      lines(
        'The marbles differ at frame 0: b is one too many',
        '  expected  (a|)',
        '  actual    (ab|)',
        '              ^',
        '  b = 1',
      ),
    )
  })

  it('shows nothing as a silent line', () => {
    const text = failure(({ cold, expectObservable }) => expectObservable(cold('--')).toBe('--a'))
    expect(text).toBe(
      lines(
        'The marbles differ at frame 2: a is missing', //
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
        'The marbles differ at frame 0: another error: expected Error: no broker, got Error: no adapter',
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
        'The marbles differ at frame 0: subscribed 1 frame late',
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
        'The marbles differ at frame 122: right value, 120 frames early',
        '  expected  -a 120s - 119s b',
        '  actual    -a 120s b',
        '                    ^',
      ),
    )
  })
})

describe('the first difference in words', () => {
  it.each([
    ['a value that is late', '-a--b|', '-a---b|', 'right value, 1 frame late'],
    ['a value that is missing before others', '-a-b-c', '-a---c', 'b is missing'],
    ['one of two that come at once', '-(ab)', '-b', 'a is missing'],
    ['a value too many', '-a---c', '-a-b-c', 'b is one too many'],
    ['a value too many before the end', '-a|', '-a-b|', 'b is one too many'],
    ['a repeated value that is missing', 'a-a-a', 'a---a', 'a is missing'],
    ['another value', '-a-b', '-a-c', 'another value: expected b, got c'],
    ['completion that is late', '-a|', '-a--|', 'it completes 2 frames late'],
    ['completion that is missing', '-a|', '-a--', 'it does not complete'],
    ['completion that nobody expects', '-a--', '-a-|', 'it completes too early'],
    ['a failure that nobody expects', '-a-b', '-a-#', 'it fails'],
    ['a failure that is missing', '-a-#', '-a-', 'it does not fail'],
    ['a failure that is early', '-a-#', '-a#', 'right error, 1 frame early'],
  ])('says %s', (_, expected, actual, words) => {
    const text = failure(({ cold, expectObservable }) => expectObservable(cold(actual)).toBe(expected))
    expect(text.split('\n')[0]).toMatch(new RegExp(`^The marbles differ at frame \\d: ${words}$`))
  })

  it('says values that are no objects behind their letters', () => {
    const text = failure(({ expectObservable }) => expectObservable(of('ON')).toBe('(a|)', { a: 21 }))
    expect(text).toContain("another value: expected a (21), got b ('ON')")
  })

  it('says every field of an object that differs', () => {
    const dated = { ...attic(21), at: 5 }
    const text = failure(({ expectObservable }) =>
      expectObservable(of(dated)).toBe('(a|)', { a: { destination: 'attic', value: '21', event: true } }),
    )
    expect(text).toContain(
      "(value is 21 instead of '21', event is absent instead of true, at is 5 instead of absent)",
    )
  })

  it.each([
    ['one subscription too many', ['^-!'], 'one subscription too many'],
    ['a subscription that is missing', ['^-!', '^-!', '^-!'], 'a subscription is missing'],
    ['an end that is late', ['^!', '^-!'], 'unsubscribed 1 frame late'],
    ['an end that nobody expects', ['^-', '^-!'], 'it is unsubscribed'],
  ])('says %s', (_, expected, words) => {
    const text = failure(({ hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot('-a-|')
      expectObservable(source$, '^-!').toBe('-a')
      expectObservable(source$, '^-!').toBe('-a')
      expectSubscriptions(source$.subscriptions).toBe(expected)
    })
    expect(text).toContain(words)
  })
})

it('has what a stream failed of as the cause of its error', () => {
  const cause = new Error('no adapter')
  const run = () => marbles(({ expectObservable }) => expectObservable(throwError(() => cause)).toBe('-'))
  expect(run).toThrow(expect.objectContaining({ cause }))
})

it('passes when the marbles are equal', () => {
  expect(failure(({ cold, expectObservable }) => expectObservable(cold('-a|')).toBe('-a|'))).toBe('it passed')
})

it('refuses a body that is async, for what that expects later is never looked at', () => {
  const body = (() => Promise.resolve()) as () => void
  expect(() => marbles(body)).toThrow(
    /expected a body that expects everything at once, got an async function/,
  )
})
