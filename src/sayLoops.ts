import { remember } from './bounded.js'
import type { Logger } from './logging/logger.js'

/** Says loops of commands in the log, each once: what `turns` is to be told of. */
export function sayLoops(log: () => Logger | undefined): (names: readonly string[]) => void {
  const said = new Map<string, true>()
  return (names) => {
    const isLoop = names[0] === names.at(-1)
    const members = isLoop ? [...new Set(names)].sort().join('\n') : ''
    if (said.has(members)) return
    remember(said, members, true, 1000)
    const fault = isLoop
      ? 'each of these commands leads to the next at once, without end; it is broken here'
      : 'so many commands follow from the first one at once that the rest of them is dropped'
    log()?.warn(`${names.join(' → ')}: ${fault}`)
  }
}
