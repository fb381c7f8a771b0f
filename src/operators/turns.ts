import { type MonoTypeOperatorFunction, Observable } from 'rxjs'

/** The names of what led here, the first cause first. */
type Chain = readonly string[]

const none: Chain = []

/**
 * Makes an operator for several places of a circle, through which values go one after the other: what is said while
 * another value is being delivered has its turn afterwards, so nobody hears of an effect before its cause. A value
 * whose name is among the names of its causes would go round for ever: it is dropped, and `onLoop` is told the names
 * from its first occurrence to this one. What one value leads to beyond `limit` named ones is dropped too, and `onLoop` is
 * told the names that led there.
 *
 * @example const inTurn = turns((names) => log.warn(names.join(' → '))); commands$.pipe(inTurn(({ source }) => source))
 */
export function turns(onLoop: (names: readonly string[]) => void, limit = 1000) {
  const waiting: (() => void)[] = []
  let current: Chain | undefined
  let effects = 0

  const chainOf = (name: string | undefined): Chain | undefined => {
    const causes = current ?? none
    if (name === undefined) return causes
    const repeated = causes.indexOf(name)
    effects += 1
    if (repeated < 0 && effects <= limit) return [...causes, name]
    onLoop([...causes.slice(Math.max(repeated, 0)), name])
    return undefined
  }

  return <T>(nameOf?: (value: T) => string): MonoTypeOperatorFunction<T> =>
    (values$) =>
      new Observable((subscriber) =>
        values$.subscribe({
          next: (value) => {
            const chain = chainOf(nameOf?.(value))
            if (!chain) return
            if (current) {
              waiting.push(() => {
                current = chain
                subscriber.next(value)
              })
              return
            }
            current = chain
            subscriber.next(value)
            while (waiting.length > 0) waiting.shift()?.()
            current = undefined
            effects = 0
          },
          error: (error: unknown) => subscriber.error(error),
          complete: () => subscriber.complete(),
        }),
      )
}
