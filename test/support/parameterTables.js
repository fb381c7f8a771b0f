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
