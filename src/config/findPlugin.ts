import { classFault } from './classFault.js'
import type { ClassTable, Made, PluginOf } from './classTable.js'
import type { MarkedPlugin } from './isPlugin.js'
import { loadPlugin } from './loadPlugin.js'
import { pluginReference } from './pluginReference.js'
import type { Parameter } from './section.js'
import { sectionPrefix } from './sectionPrefix.js'
import { showParameter } from './showParameter.js'
import { thrownText } from './thrownText.js'

/**
 * Loads what a `Class` means in a section of this kind: a row of the table, or a plug-in of somebody else, whose relative
 * path begins at `folder`. Rejects with an error that says why it cannot be had.
 */
export async function findPlugin<Kind extends keyof Made>(
  kind: Kind,
  stated: Parameter,
  classes: ClassTable,
  folder: string,
): Promise<PluginOf<Kind>> {
  const fault = (why: string) =>
    // What is wrong with a file may name it.
    new Error(`expected a class of ${kind}, got ${showParameter(stated)}${stated.secret ? '' : `: ${why}`}`)
  const loaders = classes[kind]
  const loader = Object.hasOwn(loaders, stated.text) ? loaders[stated.text] : undefined
  if (loader)
    return loader().catch((error: unknown) => {
      throw fault(`it cannot be loaded: ${thrownText(error)}`)
    })
  const reference = pluginReference(stated.text)
  if (!reference) throw new Error(classFault(kind, stated, classes))
  const plugin = await loadPlugin(reference, folder).catch((error: unknown) => {
    throw fault((error as Error).message)
  })
  if (isOfKind(plugin, kind)) return plugin
  throw fault(`it belongs in a section whose name begins with ${sectionPrefix[plugin.kind]}`)
}

const isOfKind = <Kind extends keyof Made>(
  plugin: MarkedPlugin,
  kind: Kind,
): plugin is MarkedPlugin & PluginOf<Kind> => plugin.kind === kind
