import { accessSync, constants } from 'node:fs'
import { InvalidArgumentError } from 'commander'

/** The path that an argument is, if that can be read; `-` is standard input. */
export function capture(path: string): string {
  try {
    if (path !== '-') accessSync(path, constants.R_OK)
    return path
  } catch (error) {
    throw new InvalidArgumentError(
      `It cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`,
    )
  }
}
