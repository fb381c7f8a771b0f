import type { z } from 'zod'
import type { AnySchema } from './anySchema.js'

/** What a schema knows about its parameter beside the type; set with `.meta({ … })` or `.describe('…')`. */
export interface FieldMeta {
  readonly description?: string
  /** The value is never shown to anyone. */
  readonly secret?: boolean
  /** What is doubtful about a text that can be used, if anything. */
  readonly warn?: (text: string) => string | undefined
}

/** Reads a schema's meta data, also through `.optional()`, `.default()`, `.prefault()` and records, which hide it. */
export function fieldMeta(schema: z.core.$ZodType): FieldMeta {
  const known = schema as Partial<AnySchema>
  const inner = known.def?.innerType ?? known.def?.valueType
  return {
    ...(inner && fieldMeta(inner)),
    ...(known.description !== undefined && { description: known.description }),
    ...known.meta?.(),
  }
}
