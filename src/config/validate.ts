import type { z } from 'zod'
import type { FieldIssue } from '../fields/fields.js'
import { type Problem, problemAt, showParameter } from '../fields/problems.js'
import { isParameter, type Parameter, parameterOf, type Section } from './sections.js'
import type { ReadOtherwise } from './yamlScalars.js'

/** What a schema makes of a section: its options, or why there are none. */
interface Validated<Shape extends z.ZodRawShape> {
  readonly options: z.output<z.ZodObject<Shape>> | undefined
  readonly problems: readonly Problem[]
}

/** Reads the parameters that a schema knows; those it does not know are somebody else's affair. */
export async function validate<Shape extends z.ZodRawShape>(
  section: Section,
  schema: z.ZodObject<Shape>,
): Promise<Validated<Shape>> {
  const stated = Object.keys(schema.shape).map((name) => [name, parametersOf(section, name)] as const)
  const input = stated.map(([name, parameters]) => [name, inputOf(name, parameters)] as const)
  const { data, error } = await parse(schema, Object.fromEntries(input))
  const errors = [
    ...stated.flatMap(([, parameters]) => parameters.flatMap(unusable)),
    ...(error?.issues ?? []).flatMap((issue) => issueProblem(issue, section, schema.shape) ?? []),
  ]
  const faulty = new Set(errors.map(({ line }) => line))
  const warnings = stated.flatMap(([name, parameters]) =>
    parameters
      .filter(({ line }) => !faulty.has(line))
      .map((parameter) => doubtful(parameter, section, schema.shape[name])),
  )
  return { options: data, problems: [...errors, ...(await Promise.all(warnings)).flat()] }
}

/** Schemas may read files; one that somebody has made by hand need not know of promises. */
const parse = <Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  input: object,
): Promise<z.ZodSafeParseResult<z.output<z.ZodObject<Shape>>>> =>
  (schema as Partial<typeof schema>).safeParseAsync
    ? schema.safeParseAsync(input)
    : Promise.resolve(schema.safeParse(input))

const parametersOf = (section: Section, name: string): Parameter[] =>
  [...section.parameters.values()].filter(({ as }) => isParameter(name, as, section.exact))

/** Numbered parameters become a record by number. */
function inputOf(name: string, parameters: readonly Parameter[]) {
  if (!name.endsWith('X')) return parameters[0]?.text
  if (parameters.length === 0) return undefined
  return Object.fromEntries(parameters.map(({ as, text }) => [as.slice(name.length - 1), text]))
}

const unusable = (parameter: Parameter): Problem[] =>
  parameter.faults.map((fault) => problemAt(parameter, 'error', fault, parameter.cause))

async function doubtful(
  parameter: Parameter,
  section: Section,
  schema: z.core.$ZodType | undefined,
): Promise<Problem[]> {
  const beside = (name: string) => parameterOf(section, name)?.text
  const own = (schema && (await fieldMeta(schema).warn?.(parameter.text, beside))) ?? []
  const warnings = [
    ...parameter.doubts,
    ...(typeof own === 'string' ? [own] : own),
    ...((await isOtherwise(parameter, schema as Partial<AnySchema> | undefined))
      ? [readOtherwiseDoubt(parameter.otherwise?.as)]
      : []),
  ]
  return warnings.map((warning) => problemAt(parameter, 'warning', warning))
}

/** Whether the Python program would have taken a text, that stands without quotes, for something else than what it is here. */
export async function isOtherwise(
  { otherwise, text }: { readonly otherwise?: ReadOtherwise | undefined; readonly text: string },
  schema: Partial<AnySchema> | undefined,
): Promise<boolean> {
  if (!otherwise) return false
  const value = (await schema?.safeParseAsync?.(text))?.data
  if (typeof otherwise.value === 'boolean') return typeof value !== 'boolean'
  if (String(otherwise.value) === text) return false
  return typeof value !== 'number' || Number(text) !== otherwise.value
}

/** What to do about a text that stands without quotes, where others read it as something else. */
export const readOtherwiseDoubt = (as = 'something else') =>
  `without quotes the Python program reads this as ${as}; here it is the text that is written: put quotes around it`

/** Says in our words what a schema finds wrong with a section; nothing when that has been said already. */
function issueProblem(
  issue: z.core.$ZodIssue,
  section: Section,
  shape: z.core.$ZodShape,
): Problem | undefined {
  const [name = '', number] = issue.path.map(String)
  const key = number === undefined ? name : name.slice(0, -1) + number
  const meta = shape[name] ? fieldMeta(shape[name]) : {}
  const parameter = parameterOf(section, key)
  if (parameter && parameter.faults.length > 0) return undefined
  const { cause = parameter?.cause }: FieldIssue = (issue.code === 'custom' && issue.params) || {}
  if (parameter) return problemAt(parameter, 'error', wrong(issue, parameter, meta), cause)
  const place = { line: section.line, section: section.name, ...(key !== '' && { key }) }
  return problemAt(place, 'error', issue.code === 'custom' ? issue.message : missing(meta), cause)
}

const missing = ({ description, example }: FieldMeta) =>
  `missing, it is required${description === undefined ? '' : `: ${description}`}${example ? `, such as ${example()}` : ''}`

function wrong(issue: z.core.$ZodIssue, parameter: Parameter, meta: FieldMeta): string {
  const { expected, got, advice }: FieldIssue =
    issue.code === 'custom' ? (issue.params ?? {}) : { expected: meta.description ?? 'something else' }
  // A schema knows better than a name, but not than a value that came from a secret.
  const secret = parameter.cause === 'machine' || (meta.secret ?? parameter.secret)
  const shown = secret ? undefined : got
  if (expected !== undefined)
    return `expected ${expected}, got ${shown ?? showParameter({ text: parameter.text, secret })}${advice ? `: ${advice}` : ''}`
  // Whoever wrote the message could not know that the text in it came from a secret.
  return secret && parameter.text !== '' ? issue.message.replaceAll(parameter.text, '…') : issue.message
}

/** Reads a schema's meta data, also through `.optional()`, `.default()`, `.prefault()` and records, which hide it. */
export function fieldMeta(schema: z.core.$ZodType): FieldMeta {
  const known = schema as Partial<AnySchema>
  const inner = known.def?.innerType ?? known.def?.valueType
  return {
    ...(inner && fieldMeta(inner)),
    ...(known.description !== undefined && { description: known.description }),
    ...known.meta?.(),
  }
}

type Doubts = string | readonly string[] | undefined

/** What a schema knows about its parameter beside the type; set with `.meta({ … })` or `.describe('…')`. */
interface FieldMeta {
  readonly description?: string
  /** What it may be on this machine, for whoever leaves it out. */
  readonly example?: () => string
  /** The value is never shown to anyone; or it may be, though its name looks as if not. */
  readonly secret?: boolean
  /** What is doubtful about a text that can be used, if anything, beside what other parameters of its section say. */
  readonly warn?: (text: string, beside: (name: string) => string | undefined) => Doubts | Promise<Doubts>
}

/** What we ask of a parameter's schema, as any copy of zod makes it: a plug-in may bring its own, and a registry of its own. */
export interface AnySchema {
  safeParse(input: unknown): { readonly success: boolean }
  safeParseAsync?(input: unknown): Promise<{ readonly data?: unknown }>
  readonly description?: string
  meta?(): FieldMeta | undefined
  readonly def?: {
    readonly innerType?: z.core.$ZodType
    readonly valueType?: z.core.$ZodType
    readonly defaultValue?: unknown
  }
}
