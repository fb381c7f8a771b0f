/**
 * Puts `value` into `map` as its newest entry and drops the oldest beyond `limit` entries; returns what was dropped.
 * Whoever writes back what it reads gets "least recently used".
 *
 * @example remember(devices, address, device, 10_000)
 */
export function remember<K, V>(map: Map<K, V>, key: K, value: V, limit: number): V | undefined {
  map.delete(key)
  map.set(key, value)
  if (map.size <= limit) return undefined
  for (const [oldest, dropped] of map) {
    map.delete(oldest)
    return dropped
  }
  return undefined
}

interface Entry<V> {
  value: V
  /** Counts up with every value that is put in. */
  age: number
}

/** The newest value of each key, in the order in which they came. */
interface Newest<V> {
  readonly put: (key: string, value: V) => void
  readonly get: (key: string) => V | undefined
  readonly delete: (key: string) => void
  /** The oldest first. */
  readonly values: () => V[]
}

/**
 * Keeps the newest value of each key, of the `limit` latest keys. To put one in costs a look-up, and never a move to the end as in
 * a Map that is kept in order: it is sorted when it is read, and when the oldest eighth has to go because it is full.
 */
export function newest<V>(limit: number): Newest<V> {
  let entries = new Map<string, Entry<V>>()
  let count = 0
  const sorted = () => [...entries].sort(([, one], [, other]) => one.age - other.age)
  return {
    put: (key, value) => {
      count += 1
      const entry = entries.get(key)
      if (entry) {
        entry.value = value
        entry.age = count
        return
      }
      if (entries.size >= limit) entries = new Map(sorted().slice(Math.ceil(limit / 8)))
      entries.set(key, { value, age: count })
    },
    get: (key) => entries.get(key)?.value,
    delete: (key) => entries.delete(key),
    values: () => sorted().map(([, { value }]) => value),
  }
}
