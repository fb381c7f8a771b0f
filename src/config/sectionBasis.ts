import { readFileSync } from 'node:fs'
import type { Component } from './component.js'

/** All that a component depends on as far as its own section goes: its class, its parameters and the files that they name. */
export const sectionBasis = ({
  section,
  plugin,
  level,
  files = [],
}: Component<unknown>): readonly unknown[] => [
  plugin,
  level,
  [...section.parameters].map(([key, { text }]) => [key, text]),
  files.map(content),
]

function content(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return undefined
  }
}
