import { asyncScheduler } from 'rxjs'
import type { SpoolEntry } from '../delivery/spool.js'
import type { Reading } from '../model.js'
import { ranges, spoolHeader, spoolLine } from './readSpool.js'

/** What the disk does not know yet. */
interface SpoolBatch {
  readonly text: string
  /** It could not be written: it belongs to the next batch. */
  putBack(): void
}

/**
 * The readings in custody as lines of a spool file of at most `size` bytes, and what of them the disk does not know yet.
 * When they would need more, the oldest fall out, an eighth at a time, and `dropped` is told.
 */
export function custody(size: number, dropped: (sequences: readonly number[]) => void) {
  let live = new Map<number, string>()
  let bytes = spoolHeader.length
  let unwritten = new Set<number>()
  let finished: number[] = []
  // Where the file of an earlier run can be read only later, its numbers must still be lower than ours.
  let next = asyncScheduler.now() * 1000

  const done = (sequence: number) => {
    const line = live.get(sequence)
    if (line === undefined) return
    live.delete(sequence)
    bytes -= Buffer.byteLength(line)
    if (!unwritten.delete(sequence)) finished.push(sequence)
  }
  const trim = () => {
    if (bytes <= size) return
    const fallen: number[] = []
    for (const sequence of live.keys()) {
      if (bytes <= (size * 7) / 8) break
      done(sequence)
      fallen.push(sequence)
    }
    dropped(fallen)
  }
  return {
    done,
    append: (reading: Reading): number => {
      const sequence = next++
      const line = spoolLine({ sequence, reading: lasting(reading) })
      const added = Buffer.byteLength(line)
      if (added > size / 2) return sequence
      live.set(sequence, line)
      unwritten.add(sequence)
      bytes += added
      trim()
      return sequence
    },
    /** Takes over what an earlier run left; returns what of it there is room for. */
    found: (entries: readonly SpoolEntry[]): SpoolEntry[] => {
      const lines = entries.map((entry) => [entry.sequence, spoolLine(entry)] as const)
      for (const [, line] of lines) bytes += Buffer.byteLength(line)
      live = new Map([...lines, ...live])
      next = Math.max(next, (entries.at(-1)?.sequence ?? 0) + 1)
      trim()
      return entries.filter(({ sequence }) => live.has(sequence))
    },
    isEmpty: () => live.size === 0,
    hasNews: () => unwritten.size > 0 || finished.length > 0,
    lines: () => [...live.values()],
    take: (): SpoolBatch => {
      const [taken, over] = [unwritten, finished]
      unwritten = new Set()
      finished = []
      const lines = [...taken].map((sequence) => live.get(sequence) ?? '')
      if (over.length > 0) lines.push(spoolLine({ done: ranges(over) }))
      const putBack = () => {
        unwritten = new Set([...[...taken].filter((sequence) => live.has(sequence)), ...unwritten])
        finished = [...over, ...finished]
      }
      return { text: lines.join(''), putBack }
    },
  }
}

/** JSON knows no NaN and no Infinity: they are kept as the text that is published for them. */
function lasting(reading: Reading): Reading {
  const { value, at = asyncScheduler.now() } = reading
  return {
    ...reading,
    value: typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
    at,
  }
}
