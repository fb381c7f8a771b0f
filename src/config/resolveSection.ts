import { expandSecrets } from './expandSecrets.js'
import type { IniSection } from './iniSection.js'
import { isSecretKey } from './isSecretKey.js'
import type { SecretSources } from './readSecret.js'
import type { Parameter, Section } from './section.js'

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
