import { addressDigits } from './addressDigits.js'
import { topicLevel } from './topicLevel.js'

const maxBytes = 64

/**
 * The topic level a device is reported under: its local name (`GVH5075_2233`) or, when nameless, its model and the
 * last four digits of its address (`H5075_2233`). When that is taken, digits of its address are appended.
 */
export function deviceLevel(
  device: { readonly address: string; readonly localName?: string | undefined; readonly model: string },
  taken: ReadonlySet<string>,
): string {
  const digits = addressDigits(device.address).toUpperCase()
  const name = topicLevel(device.localName ?? '') || `${device.model}_${digits.slice(-4)}`
  for (const suffix of suffixes(digits)) {
    const level = topicLevel(name, maxBytes - suffix.length) + suffix
    if (!taken.has(level)) return level
  }
  throw new Error(`every level for ${name} is taken`)
}

/** The numbers are for somebody who takes even the longest level on purpose. */
function* suffixes(digits: string): Generator<string> {
  yield ''
  yield `_${digits.slice(-4)}`
  yield `_${digits}`
  for (let number = 2; ; number++) yield `_${digits}_${number}`
}
