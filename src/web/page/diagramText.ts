/** A marble on a line: its topic, what it says, and when it came, ms. */
export interface Marble {
  readonly topic: string
  readonly text: string
  readonly at: number
}

const letters = Array.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ')

/** Characters that a line has at the most, but for groups. */
const longest = 72

/** How long a character may take, ms, and how that is written. */
const frames: readonly (readonly [ms: number, text: string])[] = [
  [100, '100 ms'],
  [200, '200 ms'],
  [500, '500 ms'],
  [1000, '1 s'],
  [2000, '2 s'],
  [5000, '5 s'],
  [10_000, '10 s'],
  [30_000, '30 s'],
  [60_000, '1 min'],
  [600_000, '10 min'],
]

/**
 * A line of marbles as the text of a diagram, for a test: what came in, and the same once more as what is expected of an operator
 * that lets all pass. A diagram has as many letters as the alphabet: where there is more, it is the newest of it.
 */
export function diagramText(name: string, marbles: readonly Marble[]): string {
  const newest = newestOf(marbles.map(({ topic, text, at }) => ({ label: labelOf(topic, text), at })))
  const first = newest[0]?.at ?? 0
  const span = (newest.at(-1)?.at ?? 0) - first
  const [frame, duration] = frames.find(([ms]) => span / ms <= longest) ?? [3_600_000, '1 h']
  const labels = [...new Set(newest.map(({ label }) => label))]
  const letterOf = (label: string) => letters[labels.indexOf(label)] ?? ''
  const slots = new Map<number, string>()
  for (const { label, at } of newest) {
    const slot = 1 + Math.floor((at - first) / frame)
    slots.set(slot, (slots.get(slot) ?? '') + letterOf(label))
  }
  let line = ''
  for (const [slot, group] of slots) {
    // A group takes as long as it has characters: what comes meanwhile comes after it.
    line += '-'.repeat(Math.max(0, slot - line.length))
    line += group.length > 1 ? `(${group})` : group
  }
  const values = labels.map((label) => `${letterOf(label)} := ${label}`)
  const block = (title: string) => [`${line === '' ? '-' : line}--`, `title = ${title}`, ...values].join('\n')
  const title = wordOf(name)
  return `% ${title} as it was heard.\n\n${block(title)}\n\n> identity\nframe = ${duration}\n\n${block('expected')}\n`
}

function newestOf(marbles: readonly { label: string; at: number }[]) {
  const labels = new Set<string>()
  let from = marbles.length
  for (; from > 0; from -= 1) {
    const label = marbles[from - 1]?.label ?? ''
    if (labels.size >= letters.length && !labels.has(label)) break
    labels.add(label)
  }
  return marbles.slice(from)
}

const labelOf = (topic: string, text: string) => `${wordOf(topic)} ${wordOf(text)}`

/** In a diagram a value is one word, and so is a topic. */
const wordOf = (text: string) => text.trim().replaceAll(/[\s\p{Cc}\p{Cf}]+/gu, '_') || '_'
