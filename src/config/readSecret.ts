import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileFault } from './fileFault.js'

/** Where secrets come from. */
export interface SecretSources {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Where relative paths begin. */
  readonly folder: string
}

/**
 * The secret that `${env:NAME}` or `${file:PATH}` stands for; a file's last line end is no part of it.
 * Throws an Error that calls the secret as it is `written` in the configuration.
 */
export function readSecret(
  kind: string,
  name: string,
  written: string,
  { env, folder }: SecretSources,
): string {
  if (kind === '${env:') {
    const value = Object.hasOwn(env, name) ? env[name] : undefined
    if (value !== undefined) return value
    throw new Error(
      `the environment variable ${written} is not set: set it for the service (Environment=) or shell`,
    )
  }
  try {
    const path = resolve(folder, name)
    if (!statSync(path).isFile()) throw new Error('it is not a regular file')
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path)).replace(/\r?\n$/, '')
  } catch (error) {
    throw new Error(
      `cannot read the file ${written}: ${fileFault(error)} (relative paths begin at ${folder})`,
    )
  }
}
