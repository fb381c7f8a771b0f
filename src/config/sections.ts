import type { Problem } from '../fields/problems.js'
import type { IniSection } from './ini.js'
import type { StatedRoutes } from './routes.js'
import { expandSecrets, isSecretKey, type SecretSources } from './secrets.js'
import type { ReadOtherwise } from './yamlScalars.js'

/** Puts `[DEFAULT]` under a section, and the secrets into its values. */
export async function resolveSection(
  section: IniSection,
  defaults: IniSection,
  sources: SecretSources,
): Promise<Section> {
  const parameters = new Map<string, Parameter>()
  for (const { name, options } of [defaults, section])
    for (const { key, value, line, section: place = name, as = key, otherwise } of options) {
      const { secret, ...expanded } = await expandSecrets(value, sources)
      parameters.set(section.exact ? as : as.toLowerCase(), {
        section: place,
        key,
        as,
        line,
        ...expanded,
        secret: secret || isSecretKey(key),
        ...(otherwise && { otherwise }),
      })
    }
  const { line, exact, routes } = section
  return { name: section.name, line, parameters, ...(exact && { exact }), ...(routes && { routes }) }
}

/** A section as configparser sees it: what `[DEFAULT]` says holds unless the section says otherwise. */
export interface Section {
  readonly name: string
  readonly line: number
  /** By key, in lower case where case does not matter. */
  readonly parameters: ReadonlyMap<string, Parameter>
  /** Case matters. */
  readonly exact?: true
  /** What goes where, where that is said for each connection. */
  readonly routes?: StatedRoutes
}

/** The parameter of a section that schemas call so. */
export const parameterOf = ({ parameters, exact }: Section, name: string): Parameter | undefined =>
  parameters.get(exact ? name : name.toLowerCase())

/** One parameter of a section, its secrets put in. */
export interface Parameter {
  /** Where it stands: the section's own name, or `DEFAULT`. */
  readonly section: string
  /** As it is written. */
  readonly key: string
  /** What schemas call it. */
  readonly as: string
  readonly line: number
  readonly text: string
  /** The text must not be shown. */
  readonly secret: boolean
  /** Why its secrets cannot be had. */
  readonly faults: readonly string[]
  /** What is doubtful about the files of its secrets. */
  readonly doubts: readonly string[]
  /** Its text is not the file's own: the machine gives it, or does not. */
  readonly cause?: Problem['cause']
  /** What other readers make of the text. */
  readonly otherwise?: ReadOtherwise
}

/** Whether a key is the parameter that a schema calls `name`; `AddressX` is every `Address` with a number. */
export function isParameter(name: string, key: string, exact = false): boolean {
  const fold = (text: string) => (exact ? text : text.toLowerCase())
  const numbered = name.endsWith('X')
  const stem = fold(numbered ? name.slice(0, -1) : name)
  const stated = fold(key)
  return stated.startsWith(stem) && (numbered ? /^\d+$/ : /^$/).test(stated.slice(stem.length))
}

/** What the names of the sections begin with that make something, by kind. */
export const sectionPrefix = { connections: 'Connection', sensors: 'Sensor', actuators: 'Actuator' } as const

/** The kinds of sections that make something. */
export const kinds = ['connections', 'sensors', 'actuators'] as const
