import { readdirSync, readFileSync } from 'node:fs'

/** The names in a folder that the kernel shows (`/proc`, `/sys/class/rfkill`); none where it does not exist. */
export function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** What a file of the kernel holds, without white space around it; empty where it may not be read or is gone by now. */
export function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return ''
  }
}
