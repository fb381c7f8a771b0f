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
