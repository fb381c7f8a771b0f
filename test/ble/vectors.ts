import { readFileSync } from 'node:fs'

export interface Vector {
  readonly id: string
  readonly model?: string
  readonly address?: string
  readonly localName?: string
  readonly serviceUuids?: string[]
  readonly manufacturerData?: string | string[]
  /** Every record, by decimal company id. */
  readonly allManufacturerData?: Record<string, string>
  readonly expected: Record<string, unknown>
  readonly expectedOptional?: Record<string, unknown>
  readonly disputedFields?: string[]
}

const file = new URL('../fixtures/govee.json', import.meta.url)

/** Advertisements of real devices from public captures and peers' tests, and what must come out of each. */
export const vectors = JSON.parse(readFileSync(file, 'utf8')) as readonly Vector[]
