/** All whose key an earlier one has, each with the first of them; `undefined` is no key. */
export function repeated<T>(
  items: readonly T[],
  keyOf: (item: T) => string | undefined,
): [again: T, first: T][] {
  const firsts = new Map<string, T>()
  return items.flatMap((item): [T, T][] => {
    const key = keyOf(item)
    const first = key === undefined ? undefined : firsts.get(key)
    if (first !== undefined) return [[item, first]]
    if (key !== undefined) firsts.set(key, item)
    return []
  })
}
