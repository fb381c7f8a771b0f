// npm run parameters: writes the tables of all parameters and quantities in config/README.md anew, and that of the models in README.md.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { resolveConfig } from 'prettier'
import { formats } from '../../lib/ble/formats/formats.js'
import { quantities } from '../../lib/ble/quantities.js'
import { classNames, modelTable, parameterTables, quantityTable } from './parameterTables.js'

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
const help = (...name) =>
  execFileSync(process.execPath, [cli, 'help', ...name], { encoding: 'utf8' }).trimEnd()
const file = new URL('../../config/README.md', import.meta.url)
const folder = new URL('examples/', file)
const examples = Object.fromEntries(
  readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]),
)
const helps = classNames(help()).map((name) => help(name))
const prettier = await resolveConfig(file)
const page = await parameterTables(readFileSync(file, 'utf8'), { helps, examples, prettier })
writeFileSync(file, await quantityTable(page, { quantities, prettier }))
const readme = new URL('../../README.md', import.meta.url)
writeFileSync(readme, await modelTable(readFileSync(readme, 'utf8'), { formats, prettier }))
console.log('config/README.md, README.md')
