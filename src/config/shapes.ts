import type * as z from 'zod'
import type { Made } from '../plugin/plugin.js'
import type { ClassTable } from './classes.js'
import { commonOptions } from './components.js'
import { isParameter } from './sections.js'
import { bluetoothSchema, loggingSchema } from './settings.js'
import { kindOf } from './yamlSections.js'

/** The parameters that something may have, by name. */
export type Shape = Readonly<Record<string, z.core.$ZodType>>

/** The parameters that a section may have; of a class that is not in the table those that all have. */
export async function shapeOf(name: string, className: string, classes: ClassTable): Promise<Shape> {
  if (name === 'Logging') return loggingSchema.shape
  if (name === 'Bluetooth') return bluetoothSchema.shape
  const kind = kindOf(name)
  if (kind === undefined) return {}
  const loaders: Readonly<Record<string, () => Promise<{ readonly options: z.ZodObject }>>> = classes[kind]
  const load = Object.hasOwn(loaders, className) ? loaders[className] : undefined
  const common: Readonly<Record<keyof Made, z.ZodObject>> = commonOptions
  return { ...common[kind].shape, ...(await load?.())?.options.shape }
}

/** What a parameter is called there, whatever the case; nothing, where it is not there. */
export function nameIn(shape: Shape, key: string): string | undefined {
  const name = Object.keys(shape).find((name) => isParameter(name, key))
  return name?.endsWith('X') ? name.slice(0, -1) + (/\d+$/.exec(key)?.[0] ?? '') : name
}
