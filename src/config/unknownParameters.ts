import type { IniSection } from './iniSection.js'
import { isParameter } from './isParameter.js'
import { nearest } from './nearest.js'
import type { Problem } from './problem.js'
import { problemAt } from './problemAt.js'
import type { Parameter, Section } from './section.js'

/** A section, and the parameters it knows unless its class is unknown. */
interface Part {
  readonly section: Section
  readonly known?: readonly string[]
}

/** Says of every key that its section does not know, or of `[DEFAULT]` and no section knows, what was probably meant. */
export function unknownParameters(
  parts: readonly Part[],
  defaults: IniSection,
  severity: Problem['severity'],
): Problem[] {
  const own = parts.flatMap(({ section, known }) => {
    const stated = [...section.parameters.values()].filter((parameter) => parameter.section === section.name)
    return known ? unknownAmong(stated, known, severity) : []
  })
  const inherited = defaults.options.map((option) => ({ ...option, section: defaults.name }))
  const anywhere = parts.flatMap(({ known }) => known ?? [])
  return parts.every(({ known }) => known) ? [...own, ...unknownAmong(inherited, anywhere, severity)] : own
}

function unknownAmong(
  places: readonly Pick<Parameter, 'section' | 'key' | 'line'>[],
  known: readonly string[],
  severity: Problem['severity'],
): Problem[] {
  return places
    .filter(({ key }) => !known.some((name) => isParameter(name, key)))
    .map((place) => problemAt(place, severity, `unknown parameter, ${advice(place.key, known)}`))
}

function advice(key: string, known: readonly string[]): string {
  if (/\s/.test(key)) return 'its name goes on after a space: is a = missing?'
  const number = /\d+$/.exec(key)?.[0] ?? '1'
  const meant = nearest(
    key,
    known.map((name) => name.replace(/X$/, number)),
  )
  return meant ? `did you mean ${meant}?` : `known are ${[...new Set(known)].join(', ')}`
}
