import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { escapeControls } from '../fields/problems.js'
import { timely } from '../smallFile.js'

const remedies: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: make room on it',
  EDQUOT: 'the quota of the disk is used up: make room',
  EFBIG: 'the largest size of a file (ulimit -f) is reached: raise it',
  EACCES: 'no permission: let the user that sensor-reporter runs as write in its directory',
  EPERM: 'no permission: let the user that sensor-reporter runs as write in its directory',
  ENOENT: 'its directory does not exist: make it',
  ENOTDIR: 'its directory is none: name another path',
  EROFS: 'the file system is read-only: name a path on another one, or have it mounted for writing',
}

/** What is wrong with a file, and what to do about it. */
export function storageProblem(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException
  return remedies[code] ?? escapeControls(message)
}

/** Why a spool cannot be kept at `path`, as far as that shows without writing: the program would go on in memory only. */
export async function spoolDoubt(path: string): Promise<string | undefined> {
  try {
    // The dot makes it an error that this is a file.
    await timely(path, () => stat(`${dirname(path)}/.`))
    const stats = await timely(path, () => stat(path).catch(() => undefined))
    return stats?.isDirectory() ? 'expected a file, got a directory: name a file in it' : undefined
  } catch (error) {
    return storageProblem(error)
  }
}
