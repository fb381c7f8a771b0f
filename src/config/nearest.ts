import { closest, distance } from 'fastest-levenshtein'

/** The word that somebody probably meant, when one is near; case does not matter. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined
  const lower = word.toLowerCase()
  const best = closest(
    lower,
    known.map((candidate) => candidate.toLowerCase()),
  )
  const near = distance(lower, best) <= Math.ceil(word.length / 3)
  return near ? known.find((candidate) => candidate.toLowerCase() === best) : undefined
}
