import { escapeControls } from '../logging/escapeControls.js'
import { isPlugin, type MarkedPlugin } from './isPlugin.js'
import { loadModule } from './loadModule.js'
import { nearest } from './nearest.js'
import type { PluginReference } from './pluginReference.js'

/** Loads a plug-in of somebody else. Rejects with an error that says why it cannot be had; the reference itself is not in it. */
export async function loadPlugin({ module, name }: PluginReference, folder: string): Promise<MarkedPlugin> {
  const exported = await loadModule(module, folder)
  if (!Object.hasOwn(exported, name)) throw new Error(notExported(name, Object.keys(exported)))
  const plugin = exported[name]
  if (isPlugin(plugin)) return plugin
  throw new Error(
    `expected what sensorPlugin, connectionPlugin or actuatorPlugin returns, got ${noun(plugin)}`,
  )
}

function notExported(name: string, known: readonly string[]): string {
  const meant = nearest(name, known)
  const hint = meant === undefined ? '' : `, did you mean ${escapeControls(meant)}?`
  return `it does not export that${hint} (it exports ${escapeControls(known.join(', ')) || 'nothing'})`
}

function noun(value: unknown): string {
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : `a ${typeof value}`
  const missing = ['kind', 'summary', 'options', 'create'].filter((key) => !(key in value))
  return `an object ${missing.length > 0 ? `without ${missing.join(', ')}` : 'whose options are no z.object({ … })'}`
}
