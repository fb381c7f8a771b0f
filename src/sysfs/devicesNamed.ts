import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The folders of the devices below `root` that their driver calls by such a name; none also where there is no `root`. */
export async function devicesNamed(root: string, name: RegExp): Promise<string[]> {
  const entries = await readdir(root).catch(() => [])
  const folders = entries.sort().map((entry) => join(root, entry))
  const names = await Promise.all(
    folders.map((folder) => readFile(join(folder, 'name'), 'utf8').catch(() => '')),
  )
  return folders.filter((_, index) => name.test(names[index]?.trim() ?? ''))
}
