import type { Made, PluginOf } from './classTable.js'
import { sectionPrefix } from './sectionPrefix.js'

/** A plug-in that says which kind it is, as `sensorPlugin` and the like make it. */
export type MarkedPlugin = {
  [Kind in keyof Made]: PluginOf<Kind> & { readonly kind: Kind }
}[keyof Made]

/** Whether a value is a plug-in, by its shape: it may have been made with another copy of this package and of zod. */
export function isPlugin(value: unknown): value is MarkedPlugin {
  const { kind, summary, options, create } = (value ?? {}) as Partial<Record<keyof MarkedPlugin, unknown>>
  const { safeParse, shape } = (options ?? {}) as Partial<Record<'safeParse' | 'shape', unknown>>
  return (
    typeof kind === 'string' &&
    Object.hasOwn(sectionPrefix, kind) &&
    typeof summary === 'string' &&
    typeof create === 'function' &&
    typeof safeParse === 'function' &&
    typeof shape === 'object'
  )
}
