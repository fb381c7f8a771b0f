import type * as z from 'zod'
import { type Problem, problemAt } from '../fields/problems.js'
import { unknownAmong } from './checks.js'
import type { Parameter } from './sections.js'
import { validate } from './validate.js'
import { mapOf, nounOf, type YamlEntry, type YamlMap } from './yaml.js'
import { otherwiseOf } from './yamlScalars.js'

type Severity = Problem['severity']

/** A key with its value, and the section it stands in. */
export interface Stated extends YamlEntry {
  readonly section: string
}

/** Reads what stands in a section of a YAML file in maps of its own, and collects what is wrong with it. */
export interface FieldReader {
  /** How severe it is what is not understood. */
  readonly unknown: Severity
  readonly problems: readonly Problem[]
  readonly fail: (
    place: { readonly line: number; readonly section?: string; readonly key?: string },
    message: string,
    severity?: Severity,
  ) => void
  /** The map at a key; what is there instead is no `what`. */
  readonly below: (entry: YamlEntry, what?: string) => YamlMap | undefined
  /** A map of single values, read as the parameters of a section are. */
  readonly read: <Shape extends z.ZodRawShape>(
    map: YamlMap,
    schema: z.ZodObject<Shape>,
  ) => Promise<z.output<z.ZodObject<Shape>> | undefined>
}

/** A reader for a section. */
export function fieldReader(section: string, unknown: Severity): FieldReader {
  const problems: Problem[] = []
  const fail: FieldReader['fail'] = (place, message, severity = 'error') => {
    problems.push(problemAt({ section, ...place }, severity, message))
  }
  return {
    unknown,
    problems,
    fail,
    below: ({ key, line, value, written = key }, what = 'parameters') => {
      const map = mapOf(value)
      if (!map) fail({ line, key: written }, `expected ${what} below it, got ${nounOf(value)}`)
      return map
    },
    read: async (map, schema) => {
      const parameters = new Map<string, Parameter>()
      for (const { key, line, value, written = key } of map.entries)
        if (value.kind === 'text')
          parameters.set(key, {
            ...{ section, key: written, as: key, line, text: value.text, ...otherwiseOf(value) },
            ...{ secret: false, faults: [], doubts: [] },
          })
        else if (Object.hasOwn(schema.shape, key))
          fail({ line, key: written }, `expected a single value, got ${nounOf(value)}`)
      const place = { name: section, line: map.line, parameters, exact: true as const }
      const { options, problems: found } = await validate(place, schema)
      const stated = map.entries.map(({ key, line, written = key }) => ({
        ...{ section, key: written, as: key, line },
      }))
      problems.push(...found, ...unknownAmong(stated, Object.keys(schema.shape), unknown, true))
      return options
    },
  }
}

/** A map for each item where a list stands at a key. */
export function eachOf(map: YamlMap, name: string): YamlMap[] {
  const list = map.entries.find(({ key }) => key === name)?.value
  if (list?.kind !== 'list') return [map]
  return list.items.map((value) => ({
    ...map,
    entries: map.entries.map((entry) => (entry.key === name ? { ...entry, value, line: value.line } : entry)),
  }))
}
