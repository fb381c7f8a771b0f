import type { z } from 'zod'
import { fieldMeta } from './fieldMeta.js'
import { isParameter } from './isParameter.js'
import { issueProblem } from './issueProblem.js'
import type { Problem } from './problem.js'
import { problemAt } from './problemAt.js'
import type { Parameter, Section } from './section.js'

/** What a schema makes of a section: its options, or why there are none. */
export interface Validated<Shape extends z.ZodRawShape> {
  readonly options: z.output<z.ZodObject<Shape>> | undefined
  readonly problems: readonly Problem[]
}

/** Reads the parameters that a schema knows; those it does not know are somebody else's affair. */
export function validate<Shape extends z.ZodRawShape>(
  section: Section,
  schema: z.ZodObject<Shape>,
): Validated<Shape> {
  const stated = Object.keys(schema.shape).map((name) => [name, parametersOf(section, name)] as const)
  const input = stated.map(([name, parameters]) => [name, inputOf(name, parameters)])
  const { data, error } = schema.safeParse(Object.fromEntries(input))
  const errors = [
    ...stated.flatMap(([, parameters]) => parameters.flatMap(unusable)),
    ...(error?.issues ?? []).flatMap((issue) => issueProblem(issue, section, schema.shape) ?? []),
  ]
  const faulty = new Set(errors.map(({ line }) => line))
  const warnings = stated.flatMap(([name, parameters]) =>
    parameters
      .filter(({ line }) => !faulty.has(line))
      .flatMap((parameter) => doubtful(parameter, schema.shape[name])),
  )
  return { options: data, problems: [...errors, ...warnings] }
}

const unusable = (parameter: Parameter): Problem[] =>
  parameter.faults.map((fault) => problemAt(parameter, 'error', fault))

function doubtful(parameter: Parameter, schema: z.core.$ZodType | undefined): Problem[] {
  const warning = schema && fieldMeta(schema).warn?.(parameter.text)
  return warning === undefined ? [] : [problemAt(parameter, 'warning', warning)]
}

const parametersOf = (section: Section, name: string): Parameter[] =>
  [...section.parameters.values()].filter(({ key }) => isParameter(name, key))

/** Numbered parameters become a record by number. */
function inputOf(name: string, parameters: readonly Parameter[]) {
  if (!name.endsWith('X')) return parameters[0]?.text
  if (parameters.length === 0) return undefined
  return Object.fromEntries(parameters.map(({ key, text }) => [key.slice(name.length - 1), text]))
}
