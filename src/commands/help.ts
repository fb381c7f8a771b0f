import { classes } from '../config/classes.js'
import { classReference, type ParameterRow } from '../config/classReference.js'
import { nearest } from '../config/nearest.js'
import { sectionPrefix } from '../config/sectionPrefix.js'
import { escapeControls } from '../logging/escapeControls.js'

const kinds = ['connections', 'sensors', 'actuators'] as const

/** Every class there is, one a line, by the kind of section it goes into. */
export function classList(): string {
  const lines = kinds.flatMap((kind) =>
    Object.entries(classes[kind]).map(
      ([name, { summary }]) => `  ${`[${sectionPrefix[kind]}…]`.padEnd(13)}  ${name.padEnd(30)}  ${summary}`,
    ),
  )
  return ['Classes (help CLASS lists the parameters of one):', ...lines].join('\n')
}

/** The parameters of a class as a table, or an error that names the nearest class. */
export function classHelp(name: string): string {
  for (const kind of kinds) {
    const plugin = Object.hasOwn(classes[kind], name) ? classes[kind][name] : undefined
    if (!plugin) continue
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
  const known = kinds.flatMap((kind) => Object.keys(classes[kind]))
  const meant = nearest(name, known)
  const hint = meant === undefined ? '' : ` Did you mean ${meant}?`
  throw new Error(`There is no class "${escapeControls(name)}".${hint}\n${classList()}`)
}

const necessity = ({ required, default: preset }: ParameterRow) =>
  required ? 'required' : preset === undefined ? 'optional' : `default ${preset}`
