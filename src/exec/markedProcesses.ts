import { readdirSync, readFileSync } from 'node:fs'

/**
 * The processes with an entry `NAME=value` in their environment, which a process inherits also when it leaves its group and
 * its session. Where there is no `/proc` none are found.
 */
export function markedProcesses(mark: string): number[] {
  return list('/proc')
    .filter((name) => /^\d+$/.test(name) && read(`/proc/${name}/environ`).split('\0').includes(mark))
    .map(Number)
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** A process of somebody else, or one that is gone by now, has no environment for us. */
function read(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
