import type { Parameter, Section } from '../plugin/section.js'
import type { IniSection } from './ini.js'
import { expandSecrets, isSecretKey, type SecretSources } from './secrets.js'

/** Whether a key of the file is the parameter that a schema calls `name`; `AddressX` is every `Address` with a number. */
export function isParameter(name: string, key: string): boolean {
  const numbered = name.endsWith('X')
  const stem = (numbered ? name.slice(0, -1) : name).toLowerCase()
  const rest = key.toLowerCase().slice(stem.length)
  return key.toLowerCase().startsWith(stem) && (numbered ? /^\d+$/ : /^$/).test(rest)
}

/** Puts `[DEFAULT]` under a section, and the secrets into its values. */
export function resolveSection(section: IniSection, defaults: IniSection, sources: SecretSources): Section {
  const parameters = new Map<string, Parameter>()
  for (const { name, options } of [defaults, section])
    for (const { key, value, line } of options) {
      const { text, secret, faults } = expandSecrets(value, sources)
      parameters.set(key.toLowerCase(), {
        section: name,
        key,
        line,
        text,
        secret: secret || isSecretKey(key),
        faults,
      })
    }
  return { name: section.name, line: section.line, parameters }
}
