import type { z } from 'zod'
import type { FieldMeta } from './fieldMeta.js'

/** What we ask of a parameter's schema, as any copy of zod makes it: a plug-in may bring its own, and a registry of its own. */
export interface AnySchema {
  safeParse(input: unknown): { readonly success: boolean }
  readonly description?: string
  meta?(): FieldMeta | undefined
  readonly def?: {
    readonly innerType?: z.core.$ZodType
    readonly valueType?: z.core.$ZodType
    readonly defaultValue?: unknown
  }
}
