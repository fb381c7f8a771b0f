// npm run parameters: writes the tables of all parameters in config/README.md anew.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { resolveConfig } from 'prettier'
import { classNames, parameterTables } from './parameterTables.js'

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
writeFileSync(file, await parameterTables(readFileSync(file, 'utf8'), { helps, examples, prettier }))
console.log('config/README.md')
