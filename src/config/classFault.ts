import type { ClassTable, Made } from './classTable.js'
import { nearest } from './nearest.js'
import type { Parameter } from './section.js'
import { sectionPrefix } from './sectionPrefix.js'
import { showParameter } from './showParameter.js'

const kinds = ['connections', 'sensors', 'actuators'] as const

/** Why a `Class` cannot be had in a section of this kind, and which ones can. */
export function classFault(kind: keyof Made, parameter: Parameter, classes: ClassTable): string {
  const expected = `expected a class of ${kind}, got ${showParameter(parameter)}`
  const other = kinds.find((column) => Object.hasOwn(classes[column], parameter.text))
  if (other) return `${expected}: it belongs in a section whose name begins with ${sectionPrefix[other]}`
  if (/^\.|[/\\]|\.[mc]?[jt]s$/.test(parameter.text) && !parameter.secret)
    return `${expected}: a file is followed by # and what it exports, such as ./attic.js#Attic`
  const known = Object.keys(classes[kind])
  const meant = parameter.secret ? undefined : nearest(parameter.text, known)
  return `${expected}${meant ? `: did you mean ${meant}?` : ''} (known: ${known.join(', ') || 'none'})`
}
