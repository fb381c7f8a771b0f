import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { classes } from '../../src/config/classes.js'
import { withRoutes } from '../../src/config/dottedRoutes.js'
import { type IniSection, parseIni } from '../../src/config/ini.js'
import { isYaml } from '../../src/config/load.js'
import { routesBasis } from '../../src/config/routes.js'
import { toIni } from '../../src/config/toIni.js'
import { toYaml } from '../../src/config/toYaml.js'
import { parseYaml } from '../../src/config/yamlSections.js'
import { check, checkYaml } from './check.js'

const folder = new URL('../../config/examples/', import.meta.url)
const examples = readdirSync(folder).map(
  (name) => [name, readFileSync(new URL(name, folder), 'utf8')] as const,
)

/** What is wrong with a file, but what the machine lacks. */
const errorsIn = async (text: string, isYamlText: boolean) =>
  (await (isYamlText ? checkYaml : check)(text, { classes })).filter((problem) =>
    problem.includes(' error: '),
  )

/** What the sections of a file say, however they say it. */
async function meaning(text: string, isYamlText: boolean) {
  const { sections } = isYamlText
    ? await parseYaml(text, 'warning')
    : await withRoutes(parseIni(text), 'warning')
  return Object.fromEntries(
    sections.map((section) => [section.name, section.name === 'Logging' ? logged(section) : said(section)]),
  )
}

/** How large files are does not matter where there are none. */
const logged = (section: IniSection) => {
  const { options, routes } = said(section)
  const { maxsize, numfiles, ...others } = options
  return { options: 'file' in options ? { ...others, maxsize, numfiles } : others, routes }
}

const said = ({ options, routes }: IniSection) => ({
  options: Object.fromEntries(
    options.map(({ key, as = key, value }) => [as.toLowerCase(), value.replaceAll(', ', ',')]),
  ),
  routes: routes && JSON.parse(JSON.stringify(routesBasis({ ...routes, added: [], hidden: [] }))),
})

describe('convert', () => {
  it.each(examples)('says the same in the other language, and in its own again: %s', async (name, text) => {
    const isYamlText = isYaml(name)
    const [there, back] = isYamlText ? [toIni, toYaml] : [toYaml, toIni]
    const other = (await there(text, classes)).text
    const again = (await back(other, classes)).text
    if (process.env.SHOW) console.log(`=== ${name}\n${other}\n=== again\n${again}`)
    expect(await errorsIn(other, !isYamlText)).toEqual([])
    expect(await errorsIn(again, isYamlText)).toEqual([])
    expect(await meaning(again, isYamlText)).toEqual(await meaning(text, isYamlText))
  })
})
