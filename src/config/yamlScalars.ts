/** What PyYAML makes of a scalar that stands without quotes, where that is not its text. */
export interface ReadOtherwise {
  /** In words, for whoever wrote it. */
  readonly as: string
  /** As Python would print it, where that can be compared with what is meant here. */
  readonly value?: number | boolean
}

/**
 * What PyYAML reads in place of a text that stands without quotes (its `resolver.py`, YAML 1.1); `undefined` where it reads that
 * text. No library for Node has just these rules: some take `y` for a boolean, `1e3` and `00:11:22:33:44:55` for numbers.
 *
 * @example readOtherwise('0123')?.value // 83
 */
export function readOtherwise(text: string): ReadOtherwise | undefined {
  if (boolean.test(text)) return { as: 'a boolean', value: /^(y|t|on)/i.test(text) }
  if (integer.test(text)) return { as: 'a number', value: integerOf(text.replaceAll('_', '')) }
  if (float.test(text)) return { as: 'a number', value: floatOf(text.replaceAll('_', '').toLowerCase()) }
  if (date.test(text)) return { as: 'a date' }
  if (/^(~|null|Null|NULL)$/.test(text)) return { as: 'nothing' }
  if (text === '=' || text === '<<') return { as: 'no text at all' }
  return undefined
}

/** The same of a text of a file, where it stands without quotes. */
export const otherwiseOf = ({ text, plain }: { readonly text: string; readonly plain: boolean }) => {
  const otherwise = plain ? readOtherwise(text) : undefined
  return otherwise && { otherwise }
}

const boolean = /^(yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/

const integer = /^[-+]?(0b[01_]+|0[0-7_]+|0|[1-9][0-9_]*|0x[0-9a-fA-F_]+|[1-9][0-9_]*(:[0-5]?[0-9])+)$/

const float =
  /^([-+]?[0-9][0-9_]*\.[0-9_]*([eE][-+][0-9]+)?|\.[0-9][0-9_]*([eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$/

const date =
  /^(\d{4}-\d\d-\d\d|\d{4}-\d\d?-\d\d?([Tt]|[ \t]+)\d\d?:\d\d:\d\d(\.\d*)?([ \t]*(Z|[-+]\d\d?(:\d\d)?))?)$/

function integerOf(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1
  const digits = text.replace(/^[-+]/, '')
  if (/^0[bx]/.test(digits)) return sign * Number(digits)
  if (/^0./.test(digits)) return sign * parseInt(digits, 8)
  return sign * sexagesimal(digits)
}

function floatOf(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1
  const digits = text.replace(/^[-+]/, '')
  if (digits === '.inf') return sign * Infinity
  return digits === '.nan' ? NaN : sign * sexagesimal(digits)
}

/** `12:30` is 750: hours, minutes and seconds, or whatever else counts to sixty. */
const sexagesimal = (digits: string) =>
  digits.split(':').reduce((whole, part) => whole * 60 + Number(part), 0)
