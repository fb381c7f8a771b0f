/** Numbers in any order as ranges: `ranges([3, 1, 2, 7])` is `[[1, 3], [7, 7]]`. */
export function ranges(numbers: readonly number[]): [from: number, to: number][] {
  const found: [number, number][] = []
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const last = found.at(-1)
    if (last && number <= last[1] + 1) last[1] = number
    else found.push([number, number])
  }
  return found
}
