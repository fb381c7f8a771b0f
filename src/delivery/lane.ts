/** Items in the order they came; each can leave at any time, at no greater cost than the first. */
export interface Lane<T> extends Iterable<T> {
  readonly size: number
  push(item: T): void
  /** Puts items before all others. */
  putFirst(items: readonly T[]): void
  first(): T | undefined
  delete(item: T): void
}

/** Makes an empty lane. */
export function lane<T extends object>(): Lane<T> {
  let items = new Set<T>()
  let front: T | undefined
  // It lives long, for a new one would step over all the places that those who left have left empty.
  let iterator: Iterator<T, undefined> | undefined
  return {
    get size() {
      return items.size
    },
    push: (item) => void items.add(item),
    putFirst: (older) => {
      items = new Set([...older, ...items])
      iterator = front = undefined
    },
    first: () => {
      if (front) return front
      if (items.size === 0) return (iterator = front = undefined)
      front = iterator?.next().value
      if (front) return front
      iterator = items.values()
      return (front = iterator.next().value)
    },
    delete: (item) => {
      items.delete(item)
      if (item === front) front = undefined
    },
    [Symbol.iterator]: () => items.values(),
  }
}
