import type { z } from 'zod'
import type { Problem } from './problem.js'
import type { Section } from './section.js'
import { validate } from './validate.js'

/** A section that makes nothing but sets something. */
export interface Settings<Shape extends z.ZodRawShape> {
  readonly section: Section
  readonly problems: readonly Problem[]
  readonly known: readonly string[]
  /** What is set; where it cannot be used, what is set when nothing is said. */
  readonly options: z.output<z.ZodObject<Shape>>
}

/** Reads a section that may be absent, with a schema that has a default for everything. */
export function readSettings<Shape extends z.ZodRawShape>(
  name: string,
  schema: z.ZodObject<Shape>,
  sections: readonly Section[],
): Settings<Shape> {
  const absent = { name, line: 0, parameters: new Map() }
  const section = sections.find((candidate) => candidate.name === name) ?? absent
  const { options, problems } = validate(section, schema)
  return { section, problems, known: Object.keys(schema.shape), options: options ?? schema.parse({}) }
}
