import { readFile } from 'node:fs/promises'

/** Reads a file of the kernel that holds a whole number of thousandths, such as millidegrees: `21500` is 21.5. */
export async function readThousandths(path: string): Promise<number> {
  const text = (await readFile(path, 'utf8')).trim()
  if (!/^-?\d+$/.test(text)) throw new Error(`expected a whole number in ${path}, got "${text.slice(0, 40)}"`)
  return Number(text) / 1000
}
