import type { IniSection } from './ini.js'
import type { Problem } from '../plugin/problems.js'
import { expandSecrets, isSecretKey, type SecretSources } from './secrets.js'

/** Puts `[DEFAULT]` under a section, and the secrets into its values. */
export async function resolveSection(
  section: IniSection,
  defaults: IniSection,
  sources: SecretSources,
): Promise<Section> {
  const parameters = new Map<string, Parameter>()
  for (const { name, options } of [defaults, section])
    for (const { key, value, line } of options) {
      const { secret, ...expanded } = await expandSecrets(value, sources)
      parameters.set(key.toLowerCase(), {
        section: name,
        key,
        line,
        ...expanded,
        secret: secret || isSecretKey(key),
      })
    }
  return { name: section.name, line: section.line, parameters }
}

/** A section as configparser sees it: what `[DEFAULT]` says holds unless the section says otherwise. */
export interface Section {
  readonly name: string
  readonly line: number
  /** By key in lower case. */
  readonly parameters: ReadonlyMap<string, Parameter>
}

/** One parameter of a section, its secrets put in. */
export interface Parameter {
  /** Where it stands: the section's own name, or `DEFAULT`. */
  readonly section: string
  readonly key: string
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
}

/** Whether a key of the file is the parameter that a schema calls `name`; `AddressX` is every `Address` with a number. */
export function isParameter(name: string, key: string): boolean {
  const numbered = name.endsWith('X')
  const stem = (numbered ? name.slice(0, -1) : name).toLowerCase()
  const rest = key.toLowerCase().slice(stem.length)
  return key.toLowerCase().startsWith(stem) && (numbered ? /^\d+$/ : /^$/).test(rest)
}

/** What the names of the sections begin with that make something, by kind. */
export const sectionPrefix = { connections: 'Connection', sensors: 'Sensor', actuators: 'Actuator' } as const

/** The kinds of sections that make something. */
export const kinds = ['connections', 'sensors', 'actuators'] as const
