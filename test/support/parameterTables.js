import { format } from 'prettier'

const [begin, end] = ['<!-- written by npm run parameters -->\n', '<!-- end -->\n']

/** What nearly every section takes: it stands in a table of its own, once. */
const common = [
  ...['Connection', 'QoS', 'Retain', 'Offline', 'Spool', 'SendReadings', 'NumberOfReadings'],
  ...['IgnoreRetained', 'Level'],
]

/** The names of the classes in what `help` prints. */
export const classNames = (help) => [...help.matchAll(/^ {2}\[\w+…\] +([\w.]+)/gm)].map(([, name]) => name)

/**
 * The page about configurations, with the tables of all parameters between its two marks made anew: of what `help CLASS` prints
 * for every class, with links to those of `examples` (text by file name) that use it.
 */
export async function parameterTables(page, { helps, examples, prettier }) {
  const [before, after] = [page.indexOf(begin) + begin.length, page.indexOf(end)]
  if (after < before) throw new Error(`expected the lines ${begin.trim()} and ${end.trim()} in the page`)
  const classes = [...grouped(helps.map(read)).values()]
  const fullest = classes
    .flat()
    .find(({ rows }) => common.every((name) => rows.some(([row]) => row === name)))
  const shared = fullest.rows.filter(([name]) => common.includes(name))
  const text = [`### What they have in common\n\n${table(shared)}`, ...classes.map(entry(examples))].join(
    '\n\n',
  )
  const options = { ...prettier, parser: 'markdown' }
  return format(`${page.slice(0, before)}\n${text}\n\n${page.slice(after)}`, options)
}

/** Those that take the same are one class with several names. */
function grouped(classes) {
  const groups = new Map()
  for (const each of classes) groups.set(each.rest, [...(groups.get(each.rest) ?? []), each])
  return groups
}

function read(help) {
  const [, section, name, rest] = /^(\[\w+…\]) Class = (\S+)\n(.*)$/s.exec(help)
  const [summary, , ...lines] = rest.split('\n')
  const rows = lines.map((line) =>
    /^ {2}(\S+) +(required|optional|default .*?) {2,}(.*)$/.exec(line).slice(1),
  )
  return { section, name, rest: section + rest, summary, rows }
}

const entry =
  (examples) =>
  ([{ section, name, summary, rows }, ...others]) => {
    const names = [name, ...others.map((other) => other.name)]
    const using = Object.keys(examples).filter((file) =>
      names.some((each) => examples[file].includes(`Class = ${each}\n`)),
    )
    const also = others.map((other) => ` Also called \`${other.name}\`.`).join('')
    // Nearly all of them go over MQTT.
    const whole = name.startsWith('mqtt.') ? using.filter((file) => file.startsWith('mqtt-')) : using
    const links = whole.map((file) => `[${file}](examples/${file})`).join(', ')
    const own = rows.filter(([parameter]) => !common.includes(parameter))
    return `### ${name}\n\n\`${section}\` ${summary}${also}${links && ` Examples: ${links}.`}\n\n${table(own)}`
  }

const table = (rows) =>
  [
    '| Parameter | | What it says |',
    '| --- | --- | --- |',
    ...rows.map(([parameter, necessity, description]) => {
      const need = necessity === 'optional' ? '' : necessity
      return `| \`${parameter}\` | ${need} | ${description.replaceAll('|', '\\|')} |`
    }),
  ].join('\n')

/** The page for users, with its table of brands and their models made anew. */
export const modelTable = (page, { formats, prettier }) =>
  withTable(
    page,
    '| Brand',
    ['Brand', 'Models'],
    formats.map(({ brand, models }) => [brand, models]),
    prettier,
  )

/** The page about configurations, with its table of everything that is measured made anew. */
export const quantityTable = (page, { quantities, prettier }) =>
  withTable(
    page,
    '| In JSON',
    ['In JSON and `decode`', 'Topic', 'Value'],
    Object.entries(quantities).map(([key, { topic, also, unit, words, text }]) => [
      `\`${key}\``,
      [topic, ...(also ? [also.topic] : [])].map((each) => `\`${each}\``).join(', '),
      words ? words.join(', ') : text ? 'text' : unit || 'number',
    ]),
    prettier,
  )

/** A page with other rows in the table that begins with `begin`. */
function withTable(page, begin, header, rows, prettier) {
  const start = page.indexOf(`\n${begin}`) + 1
  if (start === 0) throw new Error(`expected a table that begins with ${begin} in the page`)
  const rest = page.slice(start)
  const length = rest.search(/\n(?!\|)/)
  const line = (cells) => `| ${cells.join(' | ')} |`
  const fresh = [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n')
  return format(page.slice(0, start) + fresh + rest.slice(length), { ...prettier, parser: 'markdown' })
}
