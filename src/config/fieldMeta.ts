import { z } from 'zod'

/** What a schema knows about its parameter beside the type; set with `.meta({ … })` or `.describe('…')`. */
export interface FieldMeta {
  readonly description?: string
  /** The value is never shown to anyone. */
  readonly secret?: boolean
  /** What is doubtful about a text that can be used, if anything. */
  readonly warn?: (text: string) => string | undefined
}

/** Reads a schema's meta data, also through `.optional()`, `.default()`, `.prefault()` and records, which hide it. */
export const fieldMeta = (schema: z.core.$ZodType): FieldMeta => ({
  ...innerMeta(schema),
  ...(z.globalRegistry.get(schema) as FieldMeta | undefined),
})

function innerMeta(schema: z.core.$ZodType): FieldMeta {
  if (schema instanceof z.ZodRecord) return fieldMeta(schema.valueType)
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return fieldMeta(schema.unwrap())
  return {}
}
