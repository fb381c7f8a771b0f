import * as z from 'zod'

/** What an issue of a field carries beside its message. */
export interface FieldIssue {
  readonly expected?: string
  readonly advice?: string | undefined
}

/** One for all: zod takes its time to make another. */
const input = z.string()

/**
 * A schema for one parameter: what is expected, in words, and how the text becomes a value (`undefined`: it does not).
 * The reader of the file sees `expected EXPECTED, got "…": ADVICE`; the advice never quotes the text, which may be secret.
 *
 * @example
 * const percent = fields.field('a percentage', (text) => (/^\d\d?%$/.test(text) ? parseInt(text, 10) : undefined))
 * percent.parse('48%')
 * // → 48
 */
export function field<T>(
  expected: string,
  parse: (text: string) => T | undefined,
  advice?: (text: string) => string | undefined,
) {
  return input.transform((text, context): T => {
    const value = parse(text)
    if (value !== undefined) return value
    const params: FieldIssue = { expected, advice: advice?.(text) }
    context.addIssue({ code: 'custom', message: `expected ${expected}`, params: { ...params } })
    return z.NEVER
  })
}
