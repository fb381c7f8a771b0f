/** A list that grows while a test runs, and that one can wait for. */
export function journal<T>() {
  const entries: T[] = []
  const waiting = new Set<() => void>()
  return {
    entries,
    add: (entry: T) => {
      entries.push(entry)
      for (const look of waiting) look()
    },
    /** The first entry, from `start` on, of which the predicate holds: there already, or as soon as it comes. */
    until: (predicate: (entry: T) => boolean, start = 0): Promise<T> =>
      new Promise((resolve) => {
        let next = start
        const look = () => {
          while (next < entries.length) {
            const entry = entries[next++] as T
            if (!predicate(entry)) continue
            waiting.delete(look)
            resolve(entry)
            return
          }
        }
        waiting.add(look)
        look()
      }),
  }
}
