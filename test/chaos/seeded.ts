/** Numbers by chance that are the same again for the same seed (mulberry32). */
export function seeded(seed: number) {
  let state = seed
  const random = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    /** From `low` to below `high`. */
    between: (low: number, high: number) => low + random() * (high - low),
    /** 0 to `count - 1`. */
    below: (count: number) => Math.floor(random() * count),
    chance: (probability: number) => random() < probability,
  }
}

export type Seeded = ReturnType<typeof seeded>
