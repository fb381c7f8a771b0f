import type { z } from 'zod'
import type { Made, PluginOf } from '../plugin/plugin.js'
import { commonOptions } from './components.js'
import { type AnySchema, fieldMeta } from './validate.js'

/** One row of a class's reference table. */
export interface ParameterRow {
  /** As users write it; an `X` at the end stands for a number. */
  readonly parameter: string
  readonly required: boolean
  /** What holds when it is not given, as it would be written. */
  readonly default?: string
  readonly description: string
  /** Never shown in messages and logs. */
  readonly secret: boolean
}

/** The parameters of a class beside `Class` itself, from the schemas that check them. */
export function classReference(kind: keyof Made, { options }: PluginOf<keyof Made>): ParameterRow[] {
  const { Level, ...common } = commonOptions[kind].shape
  return Object.entries<z.core.$ZodType>({ ...options.shape, ...common, Level })
    .filter(([parameter]) => parameter !== 'Class')
    .map(([parameter, schema]) => {
      const known = schema as z.core.$ZodType & AnySchema
      const { description = '', secret = false } = fieldMeta(schema)
      const preset = presetOf(known)
      return {
        parameter,
        required: !known.safeParse(undefined).success,
        ...(preset !== undefined && { default: preset }),
        description,
        secret,
      }
    })
}

function presetOf({ def }: AnySchema): string | undefined {
  const value = def?.defaultValue
  if (typeof value === 'boolean') return value ? 'YES' : 'NO'
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}
