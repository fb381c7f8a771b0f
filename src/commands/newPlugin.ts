import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { home, packageFile } from '../config/loadModule.js'
import { quoteText } from '../fields/problems.js'

/** What `new` makes. */
export type PluginKind = 'sensor' | 'connection' | 'actuator'

/**
 * Writes a plug-in of the user's own into a folder, with its marble test and an ini file that uses it (`attic.js`,
 * `attic.test.js`, `attic.ini`), and a package.json where there is none. Returns what to do next, as text. Throws an error when
 * the name cannot be used or one of the files exists: nothing is written then.
 */
export function newPlugin(kind: PluginKind, name: string, folder: string): string {
  const stem = name.replace(/^[A-Z]/, lower).replace(/[-_](\w)/g, (_, letter: string) => upper(letter))
  if (!/^[a-z][a-zA-Z\d]*$/.test(stem))
    throw new Error(`Expected a name of letters, digits and dashes, such as attic, got ${quoteText(name)}.`)

  const type = packageType(folder)
  // Node takes a .js file for CommonJS there.
  const extension = type === 'commonjs' ? 'mjs' : 'js'
  const files = new Map(
    ['js', 'test.js', 'ini'].map((ending) => [
      `${stem}.${ending.replace('js', extension)}`,
      readFileSync(join(home(), 'config/templates', kind, `template.${ending}`), 'utf8')
        .replaceAll('template.js', `template.${extension}`)
        .replaceAll('template', stem)
        .replaceAll('Template', stem.replace(/^./, upper)),
    ]),
  )
  if (type === undefined) files.set('package.json', packageJson)

  const taken = [...files.keys()].find((file) => existsSync(join(folder, file)))
  if (taken !== undefined)
    throw new Error(`${join(folder, taken)} exists already: choose another name or folder.`)
  mkdirSync(folder, { recursive: true })
  // The ini file is to hold a password, which is nobody else's business.
  for (const [file, text] of files)
    writeFileSync(join(folder, file), text, { flag: 'wx', mode: file.endsWith('.ini') ? 0o600 : 0o666 })

  const imports = { ...(kind !== 'sensor' && { rxjs: 'rxjs' }), 'sensor-reporter': home() }
  const missing = Object.entries(imports).flatMap(([name, source]) =>
    packageFile(name, [folder]) ? [] : [source],
  )
  const steps = {
    [`cd ${folder}`]: folder !== '.' && '',
    [`npm install ${missing.join(' ')}`]: missing.length > 0 && `what the ${kind} imports`,
    'node --test': 'its marble test',
    [`npx sensor-reporter check ${stem}.ini`]: 'its configuration',
    [`npx sensor-reporter run ${stem}.ini${kind === 'connection' ? '' : ' --broker'}`]:
      'it runs, until Ctrl-C',
  }
  return [
    `Written: ${[...files.keys()].map((file) => join(folder, file)).join(', ')}`,
    'Next:',
    ...Object.entries(steps).flatMap(([command, purpose]) =>
      purpose === false ? [] : `  ${command.padEnd(42)}  ${purpose}`.trimEnd(),
    ),
    `Then ${todo[kind](`${stem}.${extension}`)}`,
  ].join('\n')
}

const todo: Readonly<Record<PluginKind, (file: string) => string>> = {
  sensor: (file) => `have ${file} measure what you want to know.`,
  connection: (file) => `have ${file} take readings to where you want them.`,
  actuator: (file) => `have ${file} do what you want to have done.`,
}

const packageJson = `${JSON.stringify({ private: true, type: 'module', scripts: { test: 'node --test' } }, null, 2)}\n`

const upper = (letter: string) => letter.toUpperCase()

const lower = (letter: string) => letter.toLowerCase()

/** What Node takes a `.js` file in a folder for, by the nearest package.json; nothing where there is none. */
function packageType(folder: string): 'module' | 'commonjs' | undefined {
  const file = join(resolve(folder), 'package.json')
  if (existsSync(file)) {
    const { type } = JSON.parse(readFileSync(file, 'utf8')) as { type?: string }
    return type === 'module' ? type : 'commonjs'
  }
  const parent = dirname(resolve(folder))
  return parent === resolve(folder) ? undefined : packageType(parent)
}
