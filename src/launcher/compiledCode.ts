import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where V8's compiled code of the program is kept. Trouble with it is no trouble: the program starts slower, that is all. */
export interface CompiledCode {
  read(): Buffer | undefined
  write(code: Buffer): void
}

/**
 * Keeps the compiled code beside the program or, where that cannot be written, in systemd's or the user's cache folder.
 * V8 itself refuses the code of another version, but one that a disk has spoiled would crash it. So the code is
 * written twice, and counts while both are the same: comparing is far quicker than any sum.
 */
export function compiledCode(folder: string, build: string): CompiledCode {
  const name = `program-${build}-${process.version}-${process.arch}.cache`
  const folders = [() => folder, cacheFolder]
  return {
    read: () =>
      first(folders, (place) => {
        const path = join(place, name)
        const twice = readFileSync(path)
        const [code, again] = [twice.subarray(0, twice.length / 2), twice.subarray(twice.length / 2)]
        // It will be run: nobody may have put it there but us, or who has installed the program.
        const trusted = [process.geteuid?.(), statSync(folder).uid].includes(statSync(path).uid)
        return trusted && code.length > 0 && code.equals(again) ? code : undefined
      }),
    write: (code) =>
      void first(folders, (place) => {
        mkdirSync(place, { recursive: true, mode: 0o700 })
        const path = join(place, name)
        writeFileSync(`${path}.${process.pid}`, Buffer.concat([code, code]), { mode: 0o644 })
        // Others may start at this moment: they find either nothing or all of it.
        renameSync(`${path}.${process.pid}`, path)
        for (const other of readdirSync(place))
          if (/^program-.*\.cache/.test(other) && other !== name) rmSync(join(place, other))
        return true
      }),
  }
}

const cacheFolder = () =>
  process.env.CACHE_DIRECTORY ??
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'sensor-reporter')

/** The first thing that can be had from one of the folders. */
function first<T>(
  folders: readonly (() => string)[],
  attempt: (folder: string) => T | undefined,
): T | undefined {
  for (const folder of folders) {
    try {
      const found = attempt(folder())
      if (found !== undefined) return found
    } catch {
      // Not there, or not ours: the next one.
    }
  }
  return undefined
}
