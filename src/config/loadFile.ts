import { load, type Environment, type Loaded } from './load.js'
import { readConfig } from './readConfig.js'

/** Reads a configuration from its file, see `load`. What the file itself lacks is a problem like any other. */
export async function loadFile(
  file: string,
  environment: Omit<Environment, 'file' | 'readableByOthers'>,
  previous?: Loaded,
): Promise<Loaded> {
  const { text, readableByOthers, problems } = readConfig(file)
  const loaded = await load(text ?? '', { ...environment, file, readableByOthers }, previous)
  if (text !== undefined) return loaded
  return { problems, logging: loaded.logging, bluetooth: loaded.bluetooth }
}
