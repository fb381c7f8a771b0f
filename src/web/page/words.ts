import type { Topic } from '../wire.js'

/** What a topic is called on the page: `Temperature`, `Probe 1 temperature`. */
export function labelOf({ name, part, unit }: Pick<Topic, 'name' | 'part' | 'unit'>): string {
  const [, base = name, again = ''] = /^(.+?)(?:_(\d+))?$/.exec(name) ?? []
  const bare = unit ? base.replace(unitEndings, '') : base
  const words = names.get(base) ?? bare.replaceAll('_', ' ').replace(/([a-z])(\d+)$/, '$1 $2')
  const whole = [...(part === undefined ? [] : [part.replace(/(\D)(\d+)$/, '$1 $2')]), words, again].join(' ')
  const text = plainly(whole.trim())
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}

/** What names of quantities end with that have a unit. */
const unitEndings =
  /_(c|f|hpa|mgm3|bqm3|usvh|usv|lx|kg|lb|ohm|mm|mg|ms2|dps|deg|rpm|m|ms|s|a|w|kwh|m3|m3h|l|ml|percent)$/

const names: ReadonlyMap<string, string> = new Map([
  ['co2', 'CO₂'],
  ['pm1', 'PM1'],
  ['pm25', 'PM2.5'],
  ['pm4', 'PM4'],
  ['pm10', 'PM10'],
  ['tvoc', 'VOC'],
  ['voc_index', 'VOC index'],
  ['nox_index', 'NOx index'],
  ['uv_index', 'UV index'],
  ['rssi', 'signal'],
  ['temp_c', 'temperature'],
  ['temp_f', 'temperature'],
  ['temperature_f', 'temperature'],
  ['humi', 'humidity'],
])

const formats = new Map<number, Intl.NumberFormat>()

/** A number that was said as text, as the browser's language writes it, with as many digits behind the point: `21,50`. */
export function numberText(text: string, locale?: string): string {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) return text
  const digits = Math.min(20, /\.(\d+)$/.exec(text)?.[1]?.length ?? 0)
  const make = () =>
    new Intl.NumberFormat(locale, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
      // A minus that is as wide as a plus, and thousands without points, which some would take for decimals.
      useGrouping: false,
    })
  if (locale !== undefined) return make().format(value)
  const format = formats.get(digits) ?? make()
  formats.set(digits, format)
  return format.format(value).replace('-', '−')
}

/** What a topic says, for people, with its unit. */
export const valueText = ({ text = '–', number, unit }: Pick<Topic, 'text' | 'number' | 'unit'>): string =>
  number ? `${numberText(text)}${unit ? ` ${unit}` : ''}` : plainly(text)

/** How long ago something was, ms: `now`, `12 s`, `3 min`, `5 h`, `2 d`. */
export function ageText(ms: number): string {
  if (ms < 1500) return 'now'
  if (ms < 60_000) return `${Math.round(ms / 1000)} s`
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min`
  if (ms < 172_800_000) return `${Math.floor(ms / 3_600_000)} h`
  return `${Math.floor(ms / 86_400_000)} d`
}

/** A time of day, as the browser's language writes it. */
export const timeText = (ms: number): string => clock.format(ms)

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' })

/** A text from the air, in which nothing can turn what stands beside it around, or draw over it. */
export const plainly = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\p{Co}\u2028\u2029]/gu, '�')

/** Whether people here read temperatures in °F. */
export const readsFahrenheit = (language: string): boolean => /-(US|BS|BZ|KY|PW)$/.test(language)
