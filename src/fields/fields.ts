import { isIP } from 'node:net'
import * as z from 'zod'

/** One for all: zod takes its time to make another. */
const input = z.string()

/**
 * A schema for one parameter: what is expected, in words, and how the text becomes a value (`undefined`: it does not).
 * The reader of the file sees `expected EXPECTED, got "…": ADVICE`; the advice never quotes the text, which may be secret.
 * Where parts of the text are nobody's business, `show` says what stands for it.
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
  show?: (text: string) => string,
) {
  return input.transform((text, context): T => {
    const value = parse(text)
    if (value !== undefined) return value
    const params: FieldIssue = { expected, advice: advice?.(text), got: show?.(text) }
    context.addIssue({ code: 'custom', message: `expected ${expected}`, params: { ...params } })
    return z.NEVER
  })
}

/** What an issue of a field carries beside its message. */
export interface FieldIssue {
  readonly expected?: string
  readonly advice?: string | undefined
  /** What the text is called, where it is not quoted. */
  readonly got?: string | undefined
  /** The text may be right: what it names cannot be had now. */
  readonly cause?: 'machine' | undefined
}

/**
 * Some text in one line, not empty; no longer than MQTT can carry.
 *
 * @example
 * fields.text.parse('good morning')
 * // → 'good morning'
 */
export const text = field('a text in one line, not empty, of at most 65535 bytes', (value) =>
  value !== '' && Buffer.byteLength(value) <= 65_535 && !/\p{Cc}|\p{Cs}/u.test(value) ? value : undefined,
)

const values = new Map([
  ...['yes', 'true', 'on', '1'].map((text) => [text, true] as const),
  ...['no', 'false', 'off', '0'].map((text) => [text, false] as const),
])

/**
 * `yes no true false on off 1 0` in any case, as Python's configparser has it.
 *
 * @example
 * fields.boolean.parse('YES')
 * // → true
 */
export const boolean = field('YES or NO (or true, false, on, off, 1, 0)', (text) =>
  values.get(text.toLowerCase()),
)

/**
 * One of several words, in any case: `choice('RISING', 'FALLING', 'BOTH')`.
 *
 * @example
 * fields.choice('RISING', 'FALLING').parse('rising')
 * // → 'RISING'
 */
export const choice = <Word extends string>(...words: readonly [Word, ...Word[]]) =>
  field(`${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`, (text) =>
    words.find((word) => word === text.toUpperCase()),
  )

/** Whether a text is made of labels of one to 63 such letters. */
const isName = (text: string, letter: string) =>
  new RegExp(`^(?=.{1,253}$)(${letter}{1,63}\\.)*${letter}{1,63}\\.?$`, 'u').test(text)

/** Nearly all names are of the first kind; for the second one V8 has to look through all of Unicode, which takes a millisecond. */
const isHostName = (text: string) => isName(text, '[\\w-]') || isName(text, '[\\p{L}\\p{M}\\p{N}_-]')

function parseHost(text: string): string | undefined {
  const address = /^\[(.*)\]$/.exec(text)?.[1] ?? text
  if (isIP(address)) return address
  return isHostName(text) && !/^[\d.]+$/.test(text) ? text : undefined
}

function hostAdvice(text: string): string | undefined {
  if (text.includes('://')) return 'leave out the protocol; port, user and TLS have parameters of their own'
  if (/:\d+$/.test(text)) return 'leave out the port, it is a parameter of its own'
  return undefined
}

/**
 * A host name or an IP address: `localhost`, `192.168.1.2`, `::1` (also as `[::1]`); never a URL, never with a port.
 *
 * @example
 * fields.host.safeParse('http://localhost').error?.issues[0]?.message
 * // → 'expected a host name or an IP address'
 */
export const host = field('a host name or an IP address', parseHost, hostAdvice)

const parseHosts = (text: string) => (names.safeParse(text).data ?? ['']).map((part) => host.safeParse(part))

/** Hosts with commas between them, at least one and each of them once: `a.example, b.example`. */
export const hosts = field(
  'a host name or an IP address, or several with commas between them',
  (text) => {
    const list = parseHosts(text).map(({ data }) => data)
    return list.every((item) => item !== undefined) && new Set(list).size === list.length ? list : undefined
  },
  (text) => {
    const issue = parseHosts(text).find(({ success }) => !success)?.error?.issues[0]
    return issue?.code === 'custom' ? (issue.params as FieldIssue).advice : undefined
  },
)

/**
 * A list of names with commas between them: `MQTT, local`.
 *
 * @example
 * fields.names.parse('MQTT, local')
 * // → ['MQTT', 'local']
 */
export const names = field('one name or several with commas between them', (text) => {
  const list = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  return list.length > 0 ? list : undefined
})

/**
 * A whole number within the range, ends included: `integer(1, 65535)`.
 *
 * @example
 * fields.integer(1, 65_535).parse('1883')
 * // → 1883
 */
export const integer = (min: number, max = Number.MAX_SAFE_INTEGER) =>
  field(
    `an integer ${max < Number.MAX_SAFE_INTEGER ? `from ${min} to ${max}` : `of at least ${min}`}`,
    (text) => {
      const value = /^[+-]?\d+$/.test(text) ? Number(text) : NaN
      return value >= min && value <= max ? value : undefined
    },
  )

const levels = ['DEBUG', 'INFO', 'WARNING', 'ERROR'] as const

const levelOf = (text: string) =>
  levels.find((name) => name === (oldLevels[text.toUpperCase()] ?? text.toUpperCase()))

/** The other levels of Python's logging, and what comes nearest. */
const oldLevels: Readonly<Record<string, (typeof levels)[number]>> = {
  NOTSET: 'DEBUG',
  CRITICAL: 'ERROR',
}

const ofPython = { warn: (text: string) => oldLevel(text, oldLevels[text.toUpperCase()]) }

const oldLevel = (text: string, meaning: string | undefined) =>
  meaning && `there is no ${text.toUpperCase()} any more: it is taken for ${meaning}`

/** How much is logged, in any case: `DEBUG`, `INFO`, `WARNING` or `ERROR`. */
export const level = field('DEBUG, INFO, WARNING or ERROR', levelOf).meta(ofPython)

/** The same of one section; with Python's `NOTSET`, which is `null` here, it has none of its own. */
export const ownLevel = field('DEBUG, INFO, WARNING or ERROR', (text) =>
  text.toUpperCase() === 'NOTSET' ? null : levelOf(text),
).meta({ warn: (text: string) => (text.toUpperCase() === 'NOTSET' ? undefined : ofPython.warn(text)) })

/** A name that can stand in a list of names. */
export const name = field(
  'a name in one line',
  (text) => (text !== '' && !/[\p{Cc}\p{Cs},]/u.test(text) ? text : undefined),
  (text) => (text.includes(',') ? 'a comma separates names, so it cannot be part of one' : undefined),
)

/**
 * A number, decimals allowed: `-7.5`.
 *
 * @example
 * fields.number.parse('-7.5')
 * // → -7.5
 */
export const number = field('a number', parseNumber)

function parseNumber(text: string): number | undefined {
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : undefined
}

/**
 * The values of a numbered parameter by number, for a schema key that ends in `X`:
 * `AddressX: numbered(address)` reads `Address1 = …` and `Address2 = …` as `{ 1: …, 2: … }`.
 *
 * @example
 * fields.numbered(fields.destination).parse({ 1: 'attic', 2: 'cellar' })
 * // → { 1: 'attic', 2: 'cellar' }
 */
export const numbered = <Field extends z.core.$ZodType>(field: Field) =>
  z.record(z.string(), field).default({})

/**
 * The path of a file; whether it exists is for those to say who open it.
 *
 * @example
 * fields.path.parse('/sys/class/thermal/thermal_zone0/temp')
 * // → '/sys/class/thermal/thermal_zone0/temp'
 */
export const path = field('the path of a file', (text) =>
  text !== '' && !text.includes('\0') ? text : undefined,
)

/** The host's timers hold 31 bits of milliseconds, nearly 25 days, and fire at once beyond that. */
const longestTime = 2_147_483

/**
 * A time in seconds, decimals allowed, both ends of the range included; becomes milliseconds: `seconds(0.1)`.
 *
 * @example
 * fields.seconds(0.1).parse('2.5')
 * // → 2500
 */
export const seconds = (min: number, max = longestTime) =>
  field(`a number of seconds from ${min} to ${max}`, (text) => {
    const value = parseNumber(text) ?? NaN
    return value >= min && value <= max ? Math.round(value * 1000) : undefined
  })

/** The same of a time that is written in code. */
export const milliseconds = (min: number, max = longestTime * 1000) =>
  field(`a number of milliseconds from ${min} to ${max}`, (text) => {
    const value = parseNumber(text) ?? NaN
    return value >= min && value <= max ? value : undefined
  })

/** The longest text that an MQTT packet can carry, in bytes of UTF-8 (MQTT 3.1.1, section 1.5.3). */
const longestString = 65_535

/** Any text that MQTT can carry, also none. */
export const mqttString = field(`at most ${longestString} bytes`, (value) =>
  Buffer.byteLength(value) <= longestString ? value : undefined,
)

/**
 * A password or the like: any text, also none; it is never shown in messages or logs.
 *
 * @example
 * fields.secret.parse('p#ss;word')
 * // → 'p#ss;word'
 */
export const secret = mqttString.meta({ secret: true })

/** A certificate or a key, as text. */
export const pem = field('a text in PEM, "-----BEGIN …-----" and so on', (text) =>
  text.includes('-----BEGIN ') ? text : undefined,
).meta({ secret: true })

/**
 * Two texts with a comma between them, spaces around it allowed: `OFF,ON`.
 *
 * @example
 * fields.twoTexts.parse('OFF, ON')
 * // → ['OFF', 'ON']
 */
export const twoTexts = field('two texts with a comma between them', (text) => {
  const [first, second, ...others] = text.split(',').map((part) => part.trim())
  return first && second && others.length === 0 ? ([first, second] as const) : undefined
})

/** The path of a URL, with a query if need be: `/mqtt`. */
export const urlPath = field(
  'a path that begins with / and has neither spaces nor #, such as /mqtt',
  (text) => (/^\/[!"$-~]*$/.test(text) ? text : undefined),
)
