import type { IniSection } from './iniSection.js'
import { nearest } from './nearest.js'
import type { Problem } from './problem.js'
import { problemAt } from './problemAt.js'
import { sectionPrefix } from './sectionPrefix.js'
import { strip } from './strip.js'

const prefixes = Object.values(sectionPrefix)
const settings = ['Logging', 'Bluetooth', 'DEFAULT']

/** Says of every section that nothing reads, what was probably meant. */
export const unknownSections = (sections: readonly IniSection[], severity: Problem['severity']): Problem[] =>
  sections
    .filter(({ name }) => !settings.includes(name) && !prefixes.some((prefix) => name.startsWith(prefix)))
    .map(({ name, line }) => {
      const word = strip(name)
      const numbered = prefixes.map((prefix) => prefix + word.slice(prefix.length))
      const meant = nearest(word, [...numbered, ...settings])
      const advice = meant
        ? `did you mean [${meant}]?`
        : `names begin with ${prefixes.join(', ')}, or are ${settings.join(', ')}`
      return problemAt({ line, section: name }, severity, `unknown section, ${advice}`)
    })
