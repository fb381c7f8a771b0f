import { escapeControls } from '../fields/problems.js'
import { NotAvailable, nearest, showParameter, thrownText } from '../fields/problems.js'
import type { Made, PluginOf } from '../plugin/plugin.js'
import { type ClassTable, missingClasses } from './classes.js'
import { loadModule } from './loadModule.js'
import { kinds, type Parameter, sectionPrefix } from './sections.js'

/**
 * Loads what a `Class` means in a section of this kind: a row of the table, or a plug-in of somebody else, whose relative
 * path begins at `folder`. Rejects with an error that says why it cannot be had.
 */
export async function findPlugin<Kind extends keyof Made>(
  kind: Kind,
  stated: Parameter,
  classes: ClassTable,
  folder: string,
): Promise<Found<PluginOf<Kind>>> {
  const fault = (why: string, Fault: new (message: string) => Error = Error) =>
    // What is wrong with a file may name it.
    new Fault(`expected a class of ${kind}, got ${showParameter(stated)}${stated.secret ? '' : `: ${why}`}`)
  const loaders = classes[kind]
  const loader = Object.hasOwn(loaders, stated.text) ? loaders[stated.text] : undefined
  if (loader)
    return {
      plugin: await loader().catch((error: unknown) => {
        throw fault(`it cannot be loaded: ${thrownText(error)}`, NotAvailable)
      }),
    }
  const foreign = foreignPlugin(stated.text, folder)
  if (!foreign) throw new Error(classFault(kind, stated, classes))
  const { plugin, doubt } = await foreign.catch((error: unknown) => {
    throw fault((error as Error).message, error instanceof NotAvailable ? NotAvailable : Error)
  })
  if (isOfKind(plugin, kind)) return { plugin, ...(doubt !== undefined && !stated.secret && { doubt }) }
  throw fault(`it belongs in a section whose name begins with ${sectionPrefix[plugin.kind]}`)
}

/** A plug-in, and what is doubtful about its file. */
interface Found<Plugin> {
  readonly plugin: Plugin
  readonly doubt?: string
}

const isOfKind = <Kind extends keyof Made>(
  plugin: MarkedPlugin,
  kind: Kind,
): plugin is MarkedPlugin & PluginOf<Kind> => plugin.kind === kind

/** Why a `Class` cannot be had in a section of this kind, and which ones can. */
function classFault(kind: keyof Made, parameter: Parameter, classes: ClassTable): string {
  const expected = `expected a class of ${kind}, got ${showParameter(parameter)}`
  const other = kinds.find((column) => Object.hasOwn(classes[column], parameter.text))
  if (other) return `${expected}: it belongs in a section whose name begins with ${sectionPrefix[other]}`
  if (/^\.|[/\\]|\.[mc]?[jt]s$/.test(parameter.text) && !parameter.secret)
    return `${expected}: a file is followed by # and what it exports, such as ./attic.js#Attic`
  const word = parameter.text.replace(/^.*\./, '')
  if (Object.hasOwn(missingClasses, word) && !parameter.secret) return `${expected}: ${missingClasses[word]}`
  const known = Object.keys(classes[kind])
  const [meant] = parameter.secret ? [] : classesMeant(parameter.text, known)
  return `${expected}${meant ? `: did you mean ${meant}?` : ''} (known: ${known.join(', ') || 'none'})`
}

/** The last word of the name of a class, in lower case: `goveesensor`. */
export const lastWord = (name: string): string => name.toLowerCase().replace(/^.*\./, '')

/**
 * The classes that somebody probably meant: the nearest one, else those whose last word is that of the text, or begins so.
 *
 * @example classesMeant('Govee', ['govee.govee_sensor.GoveeSensor']) // ['govee.govee_sensor.GoveeSensor']
 */
export function classesMeant(text: string, known: readonly string[]): readonly string[] {
  const word = lastWord(text)
  const near = nearest(text, known)
  if (near !== undefined) return [near]
  const same = known.filter((name) => lastWord(name) === word)
  if (same.length > 0 || word === '') return same
  const begun = known.filter((name) => lastWord(name).startsWith(word))
  if (begun.length > 0) return begun
  const nearWord = nearest(word, known.map(lastWord))
  return known.filter((name) => lastWord(name) === nearWord)
}

/**
 * Loads a plug-in of somebody else: `./attic.js#Attic` or `package-name#Attic`; nothing when the text is no such thing. Rejects
 * with an error that says why it cannot be had; the text itself is not in it.
 */
export function foreignPlugin(text: string, folder: string): Promise<Found<MarkedPlugin>> | undefined {
  const { module, name } = /^(?<module>.+)#(?<name>[^#]+)$/.exec(text)?.groups ?? {}
  return module !== undefined && name !== undefined ? loadPlugin(module, name, folder) : undefined
}

async function loadPlugin(module: string, name: string, folder: string): Promise<Found<MarkedPlugin>> {
  const { exported, doubt } = await loadModule(module, folder)
  if (!Object.hasOwn(exported, name)) throw new Error(notExported(name, Object.keys(exported)))
  const plugin = exported[name]
  if (isPlugin(plugin)) return { plugin, ...(doubt !== undefined && { doubt }) }
  throw new Error(
    `expected what sensorPlugin, connectionPlugin or actuatorPlugin returns, got ${noun(plugin)}`,
  )
}

/** A plug-in that says which kind it is, as `sensorPlugin` and the like make it. */
type MarkedPlugin = {
  [Kind in keyof Made]: PluginOf<Kind> & { readonly kind: Kind }
}[keyof Made]

/** Whether a value is a plug-in, by its shape: it may have been made with another copy of this package and of zod. */
function isPlugin(value: unknown): value is MarkedPlugin {
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
