import { isDeepStrictEqual } from 'node:util'
import type { MarbleEvent } from './marbleEvent.js'
import { show } from './show.js'

/**
 * Says in words that a value or an error is not the one expected; of objects, which of their fields.
 *
 * @example 'another value: expected a, got b (value is 22 instead of 21)'
 */
export function valueDifference(
  { kind, value: wanted }: MarbleEvent,
  { value: got }: MarbleEvent,
  letterOf: (value: unknown) => string,
): string {
  if (kind === '#') return `another error: expected ${show(wanted)}, got ${show(got)}`
  const text = (value: unknown) =>
    Object(value) === value || letterOf(value) === value ? letterOf(value) : show(value)
  const fields = isRecord(wanted) && isRecord(got) ? ` (${fieldDifferences(wanted, got)})` : ''
  return `another value: expected ${text(wanted)}, got ${text(got)}${fields}`
}

type Fields = Readonly<Record<string, unknown>>

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype

function fieldDifferences(wanted: Fields, got: Fields): string {
  const keys = [...new Set([...Object.keys(wanted), ...Object.keys(got)])]
  return keys
    .filter((key) => !(key in wanted && key in got && isDeepStrictEqual(wanted[key], got[key])))
    .map((key) => `${key} is ${field(got, key)} instead of ${field(wanted, key)}`)
    .join(', ')
}

const field = (fields: Fields, key: string) => (key in fields ? show(fields[key]) : 'absent')
