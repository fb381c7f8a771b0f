import type { BleEvent, Measurement } from '../measurement.js'

/**
 * What several parts of one packet say, together. A quantity that is said a second time keeps both: the first has its name, the
 * next have a number behind it. One thing that happens is an event, several are a list.
 */
export function together(parts: readonly Partial<Measurement>[]): Partial<Measurement> {
  const said: Record<string, unknown> = {}
  const happened: BleEvent[] = []
  for (const { event, events = event ? [event] : [], ...values } of parts) {
    happened.push(...events)
    for (const [key, value] of Object.entries(values)) if (value !== undefined) said[free(key, said)] = value
  }
  const [event, ...others] = happened
  return { ...said, ...(others.length > 0 ? { events: happened } : event && { event }) }
}

function free(key: string, taken: object): string {
  let name = key
  for (let number = 2; name in taken; number++) name = `${key}_${number}`
  return name
}
