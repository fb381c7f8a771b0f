import { isObservable } from 'rxjs'
import * as z from 'zod'
import type { Logger } from '../model.js'
import { field, type FieldIssue } from './fields.js'
import { nearest, quoteText } from './problems.js'

/**
 * Returns options that are written in code, as their fields read them, or throws what is wrong with them. Their schema is made of the
 * fields of a file (`inCode`), so that both are checked alike and read the same sentences.
 *
 * @throws TypeError that says of every fault where it is, what was expected and what was got.
 * @example checked('heartbeat', optionsInCode({ period: inCode(milliseconds(1)) }), { period: 60_000 })
 */
export function checked<Options>(owner: string, schema: z.ZodType, options: Options): Options {
  const { data, error } = schema.safeParse(options)
  if (!error) return data as Options
  const faults = error.issues.map(({ path, message }) =>
    [owner, ...(path.length > 0 ? [pathText(path)] : []), message].join(': '),
  )
  throw new TypeError(faults.join('\n'))
}

/** An object of these options and no others: a misspelt one would be taken for one that was left out. */
export function optionsInCode(shape: z.core.$ZodLooseShape) {
  const known = Object.keys(shape)
  const unknown = (key: string) => {
    const meant = nearest(key, known)
    return `there is no option ${quoteText(key)}${meant === undefined ? `, only ${known.join(', ')}` : `, did you mean ${meant}?`}`
  }
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map(unknown).join('; ')
        : `expected an object of options, got ${shown(issue.input)}`,
  })
}

/** Where in the options it is: `delivery.offline`, `devices["a4:c1:38:11:22:33"]`. */
const pathText = (path: readonly PropertyKey[]): string =>
  path
    .map((key, place) => {
      if (typeof key === 'number') return `[${key}]`
      const name = String(key)
      if (!/^[a-z_][\w$]*$/i.test(name)) return `[${quoteText(name)}]`
      return place === 0 ? name : `.${name}`
    })
    .join('')

/** What a field of a file expects of a value in code, which is no text where the field makes something else of that. */
export const inCode = (field: z.ZodType) =>
  z.unknown().transform((value, context): unknown => {
    const { data, fault } = readInCode(field, value)
    if (fault !== undefined) context.addIssue({ code: 'custom', message: fault })
    return data
  })

/** One of several words, in their own case. */
export const wordInCode = (...words: readonly string[]) =>
  inCode(
    field(`${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`, (text) =>
      words.find((word) => word === text),
    ),
  )

/** Any number of them, or just `length`. */
export function listInCode(value: z.ZodType, length?: number) {
  const list = z.array(value, {
    error: ({ input }) => `expected an array, got ${shown(input)}`,
  })
  return length === undefined
    ? list
    : list.length(length, { error: ({ input }) => `expected ${length} of them, got ${(input as []).length}` })
}

/** The same of a record: of what its keys are, and its values. */
export const recordInCode = (keys: z.ZodType, values: z.ZodType) =>
  z
    .record(z.string(), values, { error: ({ input }) => `expected an object, got ${shown(input)}` })
    .superRefine((record, context) => {
      for (const key of Object.keys(record)) {
        const { fault } = readInCode(keys, key)
        if (fault !== undefined) context.addIssue({ code: 'custom', path: [key], message: fault })
      }
    })

/** Such a value, or an Observable of them, whose values are not looked at: they come later. */
export const newestInCode = (schema: z.ZodType) =>
  z.unknown().superRefine((value, context) => {
    if (isObservable(value)) return
    for (const { path, message } of schema.safeParse(value).error?.issues ?? [])
      context.addIssue({ code: 'custom', path, message })
  })

/** What is taken as it is: it is an object of others, or anything at all. */
export const anyInCode = z.unknown().optional()

/** An Observable, whatever it emits. */
export const observableInCode = z.unknown().refine(isObservable, {
  error: ({ input }) => `expected an Observable, got ${shown(input)}`,
})

/** A function, whatever it takes. */
export const functionInCode = z.unknown().refine((value) => typeof value === 'function', {
  error: ({ input }) => `expected a function, got ${shown(input)}`,
})

/** What a field reads of a value, or what is wrong with that. */
function readInCode(field: z.ZodType, value: unknown): { readonly data?: unknown; readonly fault?: string } {
  if (value === undefined) return { fault: 'missing, it is required' }
  const { data, error } = field.safeParse(isPlain(value) ? String(value) : '')
  if (!error && (typeof data === typeof value || (typeof value === 'string' && typeof data === 'object')))
    return { data }
  const issue = error?.issues[0]
  const secret = field.meta()?.['secret'] === true ? 'a secret value' : undefined
  const {
    expected,
    advice,
    got = secret ?? shown(value),
  }: FieldIssue = (issue?.code === 'custom' && issue.params) || {}
  const wanted = expected ?? (typeof data === 'string' ? 'a text' : `a ${typeof data}`)
  return {
    fault: wordsOfCode(
      `expected ${wanted}, got ${got}${advice === undefined || !isPlain(value) ? '' : `: ${advice}`}`,
    ),
  }
}

const isPlain = (value: unknown) =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'

/** A value of any kind as it may stand in a message. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return quoteText(value)
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object'
  return typeof value === 'function' ? 'a function' : String(value)
}

/** What parameters of a file are called in code, the longer phrases first. */
const words: readonly (readonly [phrase: string, inCode: string])[] = [
  [
    'check Port and Path, and whether Transport is to be ws or wss',
    'check port, webSocketPath and whether there is to be tls',
  ],
  ['User and Password', 'login'],
  ['TLS = YES', 'tls: {}'],
  ['TLSinsecure = YES', 'tls.insecure: true'],
  ['Version = 5', "version: '5'"],
  ['Offline = all', "offline: 'all'"],
  ['Cert and Key', 'tls.client'],
  ['CAcert', 'tls.ca'],
  ['ServerName', 'tls.serverName'],
  ['Version', 'version'],
  ['Host', 'host'],
  ['Port', 'port'],
  ['Client', 'client'],
  ['Keepalive', 'keepalive'],
  ['RootTopic', 'rootTopic'],
  ['Destination', 'destination'],
  ['Interval', 'interval'],
  ['OnChange', 'onChange'],
  ['Retain', 'retain'],
  ['Spool', 'spool'],
  ['OnEq', 'onEq'],
  ['OnGt', 'onGt'],
  ['OnLt', 'onLt'],
  ['OffLt', 'offLt'],
  ['OffGt', 'offGt'],
  ['For', 'hold'],
  ['parameters', 'options'],
  ['parameter', 'option'],
]

/** Not in a path or in the midst of a word. */
const phrases = new RegExp(
  `(?<![\\w/.-])(?:${words.map(([phrase]) => phrase).join('|')})(?![\\w/-]|\\.\\w)`,
  'g',
)

const codeWords = new Map(words)

/** A message that names parameters of a file, with the names that options have in code; what stands in quotes stays. */
export const wordsOfCode = (message: string): string =>
  message
    .split(/("[^"]*")/)
    .map((part) =>
      part.startsWith('"') ? part : part.replace(phrases, (phrase) => codeWords.get(phrase) ?? phrase),
    )
    .join('')

/** A log for who has written options in code. */
export function logInCode(log: Logger): Logger {
  const at =
    (level: 'info' | 'warn' | 'error') =>
    (...texts: unknown[]): void => {
      const worded: unknown[] = texts.map((text) => (typeof text === 'string' ? wordsOfCode(text) : text))
      log[level](...worded)
    }
  return {
    debug: (...texts: unknown[]) => log.debug(...texts),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
  }
}
