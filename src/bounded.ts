/**
 * Puts `value` into `map` as its newest entry and drops the oldest beyond `limit` entries.
 * Whoever also writes back what it reads gets "least recently used": `remember(devices, address, device, 10_000)`.
 */
export function remember<K, V>(map: Map<K, V>, key: K, value: V, limit: number): void {
  map.delete(key)
  map.set(key, value)
  if (map.size <= limit) return
  for (const oldest of map.keys()) {
    map.delete(oldest)
    return
  }
}
