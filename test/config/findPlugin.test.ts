import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { program, temporaryFile } from '../support/program.js'

const repository = fileURLToPath(new URL('../..', import.meta.url))

/** A plug-in as JavaScript that needs nothing: its schema is made by hand, which takes whatever is said. */
const plugin = (kind = 'sensors', more = '') => `{
  kind: '${kind}', summary: 'x.', create: () => undefined, ${more}
  options: { shape: {}, safeParse: (data) => ({ success: true, data }) },
}`

/** A folder with these files, in which configurations are; it goes with the test. */
function folderWith(files: Readonly<Record<string, string>>) {
  const ini = temporaryFile('x.ini', '')
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dirname(ini), name)), { recursive: true })
    writeFileSync(join(dirname(ini), name), text)
  }
  return {
    folder: dirname(ini),
    /** What the program, whose loader is Node's, says of sections with these classes (and lines): the name of the section and why. */
    problems: async (classes: readonly string[], env: Record<string, string> = {}) => {
      writeFileSync(ini, classes.map((lines, index) => `[Sensor${index}]\nClass = ${lines}`).join('\n'))
      const checked = program(['check', ini], env)
      await checked.exit
      return checked.lines.flatMap((line) => /\[Sensor\d+\] .*$/.exec(line)?.[0] ?? [])
    },
  }
}

const faults: Record<string, RegExp> = {
  './missing.mjs#Own': /there is no such file \(relative paths begin at \/.*\)$/,
  './lib#Own': /it is a folder$/,
  'missing-package#Own':
    /there is no such package: run "npm install missing-package" in \/.* \(a file begins with \.\/ or \/\)$/,
  'own.mjs#Own': /there is no such package, but a file: did you mean \.\/own\.mjs\?$/,
  './own.mjs': /a file is followed by # and what it exports, such as \.\/attic\.js#Attic$/,
  './own.mjs#': /a file is followed by # and what it exports, such as \.\/attic\.js#Attic$/,
  './own.mjs#own': /it does not export that, did you mean Own\? \(it exports Other, Own\)$/,
  './empty.mjs#Own': /it does not export that \(it exports nothing\)$/,
  './own.mjs#Other': /it belongs in a section whose name begins with Actuator$/,
  './wrong.mjs#Null': /or actuatorPlugin returns, got null$/,
  './wrong.mjs#Text': /or actuatorPlugin returns, got a string$/,
  './wrong.mjs#Unmarked': /or actuatorPlugin returns, got an object without kind, options$/,
  './wrong.mjs#Schemaless':
    /or actuatorPlugin returns, got an object whose options are no z\.object\({ … }\)$/,
  // In the program itself it is a package, too.
  'rxjs#Observable': /or actuatorPlugin returns, got a function$/,
  './throws.mjs#Own': /it cannot be loaded: TypeError: no such thing \(throws\.mjs:2\): mend it$/,
  './nothing.mjs#Own': /it cannot be loaded: it threw undefined: mend it$/,
  './syntax.mjs#Own':
    /it cannot be loaded: SyntaxError: Unexpected token '=': "node --check \/.*\/syntax\.mjs" shows where$/,
  './imports.mjs#Own':
    /it imports "missing-package", which is not installed there: run "npm install missing-package" in \//,
  './text.txt#Own': /expected a file whose name ends in \.js or \.mjs$/,
}

describe('a plug-in of somebody else', () => {
  it('is found by the path of its file, relative to the ini file or absolute', async () => {
    const { folder, problems } = folderWith({ 'own.mjs': `export const Own = ${plugin()}` })
    expect(await problems(['./own.mjs#Own', `${folder}/own.mjs#Own`])).toEqual([])
  })

  it('is found by the name of its package, however that exports it', async () => {
    const packageWith = (entry: string) => `{ "type": "module", ${entry} }`
    const own = `export const Own = ${plugin()}`
    const { problems } = folderWith({
      'node_modules/@somebody/own/package.json': packageWith('"exports": { ".": { "import": "./own.js" } }'),
      'node_modules/@somebody/own/own.js': own,
      'node_modules/plain/package.json': packageWith('"exports": "./own.js"'),
      'node_modules/plain/own.js': own,
      'node_modules/old/package.json': packageWith('"main": "lib/own"'),
      'node_modules/old/lib/own.js': own,
      'node_modules/parts/package.json': packageWith('"exports": { "./part": { "default": "./own.js" } }'),
      'node_modules/parts/own.js': own,
    })
    const classes = ['@somebody/own#Own', 'plain#Own', 'old#Own', 'parts/part#Own', 'parts#Own']
    expect(await problems(classes)).toEqual([
      expect.stringContaining(
        '[Sensor4] Class: expected a class of sensors, got "parts#Own": the package has nothing',
      ),
    ])
  })

  it('is a problem of its section, whatever is wrong with it', async () => {
    const { problems } = folderWith({
      'lib/x': '',
      'own.mjs': `export const Own = ${plugin()}\nexport const Other = ${plugin('actuators')}`,
      'empty.mjs': '',
      'wrong.mjs': `export const Null = null, Text = 'x', Unmarked = { summary: 'x', create() {} }\nexport const Schemaless = { ...${plugin()}, options: {} }`,
      'throws.mjs': `\nthrow new TypeError('no such thing')`,
      'nothing.mjs': 'throw undefined',
      'syntax.mjs': 'const x = = 1',
      'imports.mjs': `import 'missing-package'`,
      'text.txt': '',
    })
    const found = await problems(Object.keys(faults))
    expect(found).toEqual(Object.values(faults).map((fault): unknown => expect.stringMatching(fault)))
    expect(found[0]).toMatch(/^\[Sensor0\] Class: expected a class of sensors, got "\.\/missing\.mjs#Own": /)
  })

  it('fails alone when it fails while it reads its parameters', async () => {
    const text = `export const Own = { ...${plugin()},\n identity() { throw new RangeError('too far') } }`
    const { problems } = folderWith({ 'own.mjs': text })
    expect(await problems(['./own.mjs#Own\nLevel = LOUD'])).toEqual([
      '[Sensor0] Class: the class failed while it read its parameters: RangeError: too far (own.mjs:5)',
      expect.stringContaining('Level: expected DEBUG'),
    ])
  })

  it('is not named when its name is a secret', async () => {
    const { problems } = folderWith({})
    expect(await problems(['${env:OWN}#Own'], { OWN: './hunter2.mjs' })).toEqual([
      '[Sensor0] Class: expected a class of sensors, got a secret value',
    ])
  })

  it('has the same help as ours', async () => {
    const { folder } = folderWith({ 'own.mjs': withSchema('zod') })
    symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'))
    const help = program(['help', `${folder}/own.mjs#Own`])
    expect(await help.exit).toBe(0)
    expect(help.lines).toContain('A sensor with a schema.')
    expect(help.lines).toContainEqual(expect.stringMatching(/^ {2}Count +optional +how many$/))
    const unknown = program(['help', `${folder}/own.mjs#Owm`])
    expect(await unknown.exit).toBe(2)
    expect(unknown.lines[0]).toMatch(/own\.mjs#Owm": it does not export that, did you mean Own\?/)
  })
})

/** A sensor that has everything, with the zod that is beside it. */
const withSchema = (zod: string) => `
import { z } from '${zod}'
const number = z.string().refine((text) => /^\\d+$/.test(text), { message: 'expected digits' })
export const Own = {
  kind: 'sensors',
  summary: 'A sensor with a schema.',
  options: z.object({
    Password: z.string().max(3).describe('a short password'),
    Count: number.describe('how many').optional(),
    Unit: z.string().optional().describe('in which unit'),
  }),
  create: () => undefined,
}`

describe('a plug-in with another copy of zod', () => {
  it.each([
    ['that is as ours', 'zod'],
    ['that knows nothing of ours', 'own-registry'],
    ['of an older version', 'zod/v3'],
  ])('%s is checked like ours', async (_, copy) => {
    const { folder, problems } = folderWith({ 'own.mjs': withSchema(copy === 'zod/v3' ? copy : 'zod') })
    cpSync(join(repository, 'node_modules/zod'), join(folder, 'node_modules/zod'), { recursive: true })
    if (copy === 'own-registry') {
      const file = join(folder, 'node_modules/zod/v4/core/registries.js')
      writeFileSync(file, readFileSync(file, 'utf8').replaceAll('__zod_globalRegistry', '__another_registry'))
    }
    const parameters = ['Password = long\nCount = many\nUnti = °C', '', 'Password = abc\nCount = 1']
    expect(await problems(parameters.map((lines) => `./own.mjs#Own\n${lines}`))).toEqual([
      '[Sensor0] Password: expected a short password, got a secret value',
      '[Sensor0] Count: expected digits',
      '[Sensor0] Unti: unknown parameter, did you mean Unit?',
      '[Sensor1] Password: missing, it is required: a short password',
    ])
  })
})
