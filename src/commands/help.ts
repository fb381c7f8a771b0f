import { classReference, type ParameterRow } from '../config/classReference.js'
import { classes } from '../config/classes.js'
import { classesMeant, foreignPlugin, lastWord } from '../config/findPlugin.js'
import { kinds, sectionPrefix } from '../config/sections.js'
import { escapeControls } from '../fields/problems.js'
import type { Made, PluginOf } from '../plugin/plugin.js'

/** Every class of the program, one a line, by the kind of section it goes into. */
export async function classList(): Promise<string> {
  const rows = kinds.flatMap((kind) =>
    Object.entries<() => Promise<PluginOf<keyof Made>>>(classes[kind]).map(async ([name, load]) => {
      const { summary } = await load()
      return `  ${`[${sectionPrefix[kind]}…]`.padEnd(13)}  ${name.padEnd(30)}  ${summary}`
    }),
  )
  return ['Classes (help CLASS lists the parameters of one):', ...(await Promise.all(rows))].join('\n')
}

/** The parameters of a class, or of somebody's plug-in (`./attic.js#Attic`), as a table; rejects with an error that says what there is. */
export async function classHelp(name: string): Promise<string> {
  for (const kind of kinds) {
    const load = Object.hasOwn(classes[kind], name) ? classes[kind][name] : undefined
    if (load) return parameterTable(name, kind, await load())
  }
  const found = await foreignPlugin(name, process.cwd())?.catch((error: unknown) => {
    throw new Error(`"${escapeControls(name)}": ${(error as Error).message}`, { cause: error })
  })
  if (found) return parameterTable(name, found.plugin.kind, found.plugin)
  const known = kinds.flatMap((kind) => Object.keys(classes[kind]))
  const meant = classesMeant(name, known)
  const [only = ''] = meant
  // Some classes have several names.
  const isClear = new Set(meant.map(lastWord)).size === 1 && lastWord(only).startsWith(name.toLowerCase())
  if (isClear) return classHelp(only)
  const hint = meant.length === 0 ? '' : ` Did you mean ${meant.join(' or ')}?`
  throw new Error(`There is no class "${escapeControls(name)}".${hint}\n${await classList()}`)
}

function parameterTable<Kind extends keyof Made>(name: string, kind: Kind, plugin: PluginOf<Kind>): string {
  const rows = classReference(kind, plugin)
  const width = Math.max(...rows.map(({ parameter }) => parameter.length))
  return [
    `[${sectionPrefix[kind]}…] Class = ${name}`,
    plugin.summary,
    '',
    ...rows.map(
      (row) => `  ${row.parameter.padEnd(width)}  ${necessity(row).padEnd(12)}  ${row.description}`,
    ),
  ].join('\n')
}

const necessity = ({ required, default: preset }: ParameterRow) =>
  required ? 'required' : preset === undefined ? 'optional' : `default ${preset}`
