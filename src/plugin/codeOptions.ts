import { isObservable } from 'rxjs'
import * as z from 'zod'
import type { Logger } from '../model.js'
import type { FieldIssue } from './fields.js'
import { quoteText } from './problems.js'

/**
 * Returns options that are written in code, or throws what is wrong with them. Their schema is made of the fields of a file (`inCode`),
 * so that both are checked alike and read the same sentences.
 *
 * @throws TypeError that says of every fault where it is, what was expected and what was got.
 * @example checked('heartbeat', z.object({ period: inCode(milliseconds(1000)) }), { period: 60_000 })
 */
export function checked<Options>(owner: string, schema: z.ZodType, options: Options): Options {
  const { error } = schema.safeParse(options)
  if (!error) return options
  const faults = error.issues.map(({ path, message }) =>
    [owner, ...(path.length > 0 ? [pathText(path)] : []), message].join(': '),
  )
  throw new TypeError(faults.join('\n'))
}

/** Where in the options it is: `delivery.offline`, `devices["a4:c1:38:11:22:33"]`. */
const pathText = (path: readonly PropertyKey[]): string =>
  path
    .map((key, place) => {
      if (typeof key === 'number') return `[${key}]`
      const name = String(key)
      if (!/^[a-z_]\w*$/i.test(name)) return `[${quoteText(name)}]`
      return place === 0 ? name : `.${name}`
    })
    .join('')

/** What a field of a file expects of a value in code, which is no text where the field makes something else of that. */
export const inCode = (field: z.ZodType) =>
  z.unknown().superRefine((value, context) => {
    const fault = faultOf(field, value)
    if (fault !== undefined) context.addIssue({ code: 'custom', message: fault })
  })

/** The same of a record: of what its keys are, and its values. */
export const recordInCode = (keys: z.ZodType, values: z.ZodType) =>
  z.record(z.string(), values).superRefine((record, context) => {
    for (const key of Object.keys(record)) {
      const fault = faultOf(keys, key)
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

function faultOf(field: z.ZodType, value: unknown): string | undefined {
  if (value === undefined) return 'missing, it is required'
  const { data, error } = field.safeParse(
    typeof value === 'object' ? '' : `${value as string | number | boolean}`,
  )
  if (!error && (typeof data === typeof value || (typeof value === 'string' && typeof data === 'object')))
    return undefined
  const issue = error?.issues[0]
  const { expected, advice }: FieldIssue = (issue?.code === 'custom' && issue.params) || {}
  const wanted = expected ?? (typeof data === 'string' ? 'a text' : `a ${typeof data}`)
  const got = field.meta()?.['secret'] === true ? 'a secret value' : shown(value)
  return wordsOfCode(`expected ${wanted}, got ${got}${advice === undefined ? '' : `: ${advice}`}`)
}

/** A value of any kind as it may stand in a message. */
function shown(value: unknown): string {
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
