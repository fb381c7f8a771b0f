/** What the low 16 bits of the packed layout hold: 6.5 °C and 53.6 %. */
const span = 0x10000

/** 1 °C: what a room changes from one packet to the next, and a value is from a place where the high byte changes. */
const near = 10_000

/**
 * Whether the high byte of a packed value looks like that of one sample and the low 16 bits like those of another:
 * it differs from the last one by exactly 65536 units but for a small change, next to a multiple of 65536 (6.5, 13.1,
 * 19.6 °C …) where the high byte has just changed. Nothing in the packet says so.
 */
export function isTorn(units: number, last: number): boolean {
  if (units < 0 !== last < 0) return false
  const size = Math.abs(units)
  const meant = size + (size > Math.abs(last) ? -span : span)
  const boundary = Math.round(meant / span) * span
  return boundary > 0 && Math.abs(meant - Math.abs(last)) <= near && Math.abs(meant - boundary) <= near
}
