import { isUtf8 } from 'node:buffer'
import { readFileSync, statSync } from 'node:fs'
import { fileFault } from './fileFault.js'
import type { Problem } from './problem.js'

/** An ini file as it was found. */
export interface ConfigFile {
  /** Absent when the problems say why it cannot be had. */
  readonly text?: string
  /** Whether everybody on the machine can read it. */
  readonly readableByOthers: boolean
  readonly problems: readonly Problem[]
}

/** Reads an ini file, which has to be UTF-8. Never throws. */
export function readConfig(path: string): ConfigFile {
  try {
    const bytes = readFileSync(path)
    const readableByOthers = (statSync(path).mode & 0o004) !== 0
    return isUtf8(bytes)
      ? { text: bytes.toString(), readableByOthers, problems: [] }
      : { readableByOthers, problems: notUtf8(bytes) }
  } catch (error) {
    const message = `cannot read the configuration: ${fileFault(error)}`
    return { readableByOthers: false, problems: [{ severity: 'error', line: 0, message }] }
  }
}

function notUtf8(bytes: Buffer): Problem[] {
  const lines = bytes.toString('latin1').split(/\r\n|\r|\n/)
  const message = 'expected UTF-8, got other bytes: save the file as UTF-8'
  return lines.flatMap((line, index) =>
    isUtf8(Buffer.from(line, 'latin1')) ? [] : { severity: 'error' as const, line: index + 1, message },
  )
}
