import { readdirSync } from 'node:fs'

/** The names in a folder of the kernel's; none where it does not exist. */
export function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
