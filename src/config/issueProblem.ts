import type { z } from 'zod'
import { fieldMeta, type FieldMeta } from './fieldMeta.js'
import type { FieldIssue } from './fields/field.js'
import type { Problem } from './problem.js'
import { problemAt } from './problemAt.js'
import type { Parameter, Section } from './section.js'
import { showParameter } from './showParameter.js'

/** Says in our words what a schema finds wrong with a section; nothing when that has been said already. */
export function issueProblem(
  issue: z.core.$ZodIssue,
  section: Section,
  shape: z.core.$ZodShape,
): Problem | undefined {
  const [name = '', number] = issue.path.map(String)
  const key = number === undefined ? name : name.slice(0, -1) + number
  const meta = shape[name] ? fieldMeta(shape[name]) : {}
  const parameter = section.parameters.get(key.toLowerCase())
  if (parameter && parameter.faults.length > 0) return undefined
  if (parameter) return problemAt(parameter, 'error', wrong(issue, parameter, meta))
  const place = { line: section.line, section: section.name, ...(key !== '' && { key }) }
  return problemAt(place, 'error', issue.code === 'custom' ? issue.message : missing(meta))
}

const missing = ({ description }: FieldMeta) =>
  `missing, it is required${description === undefined ? '' : `: ${description}`}`

function wrong(issue: z.core.$ZodIssue, parameter: Parameter, meta: FieldMeta): string {
  const { expected, advice }: FieldIssue =
    issue.code === 'custom' ? (issue.params ?? {}) : { expected: meta.description ?? 'something else' }
  const secret = parameter.secret || meta.secret === true
  if (expected !== undefined)
    return `expected ${expected}, got ${showParameter({ text: parameter.text, secret })}${advice ? `: ${advice}` : ''}`
  // Whoever wrote the message could not know that the text in it came from a secret.
  return secret && parameter.text !== '' ? issue.message.replaceAll(parameter.text, '…') : issue.message
}
