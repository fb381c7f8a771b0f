import type { Probe } from '../probe.js'

/**
 * Two of six probes by number. Bits 7-6 of `state` are the pair, bits 5-0 say which of the probes 6..1 are plugged in:
 * what stands in the place of one that is not may be an old value. Undefined when there is no such pair.
 */
export function pluggedPair(
  state: number,
  first: Probe,
  second: Probe,
): Readonly<Record<string, Probe>> | undefined {
  const before = (state >> 6) * 2
  if (before > 4) return undefined
  const plugged = state >> before
  return {
    ...(plugged & 1 && { [before + 1]: first }),
    ...(plugged & 2 && { [before + 2]: second }),
  }
}
