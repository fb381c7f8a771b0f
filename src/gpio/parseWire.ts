import type { Wire } from './simulatedGpio.js'

/** Reads what somebody types to play the hardware of a simulated chip: `17 HIGH`, `17 0`; `undefined` for anything else. */
export function parseWire(text: string): Wire | undefined {
  const [, line, high] = /^\s*(\d+)\s+(?:(HIGH|1)|LOW|0)\s*$/i.exec(text) ?? []
  return line === undefined ? undefined : { line: Number(line), level: high !== undefined }
}
