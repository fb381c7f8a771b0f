import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, extname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { resolveConfig } from 'prettier'
import { map, of } from 'rxjs'
import { goveeSensor, type Reading, type Sensor } from 'sensor-reporter'
import { advertisement } from 'sensor-reporter/testing'
import { describe, expect, it } from 'vitest'
import { formats } from '../src/ble/formats/formats.js'
import { quantities } from '../src/ble/quantities.js'
import { demoScreen } from '../src/commands/demo.js'
import { classHelp, classList } from '../src/commands/help.js'
import { bluetoothSchema, loggingSchema } from '../src/config/settings.js'
import { fieldMeta } from '../src/config/validate.js'
import { diagrams } from '../src/testing/diagrams.js'
import { documents } from './support/documents.js'
import { classNames, modelTable, parameterTables, quantityTable } from './support/parameterTables.js'
import { program, temporaryFile } from './support/program.js'

const root = new URL('../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')
const readme = read('README.md')
const fenced = (text: string, language = '') => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``

/** What a document shows, and where that stands below test/examples. */
const examples = [
  ['README.md', 'rooms.ts'],
  ['src/README.md', 'atticAlarm.ts'],
  ['src/README.md', 'averages.ts'],
  ['src/README.md', 'dewPoint.ts'],
  ['src/README.md', 'once.ts'],
  ['src/README.md', 'fan.ts'],
  ['src/README.md', 'recordedDay.test.ts'],
  ['marbles/README.md', 'rain/rain.txt'],
  ['marbles/README.md', 'rain/rain.test.js'],
  ['marbles/README.md', 'rain/rain.js'],
  ['config/README.md', 'attic.js'],
  ['src/ble/formats/README.md', 'scale/myscale.js'],
  ['src/ble/formats/README.md', 'scale/myscale.test.js'],
] as const

/** The lines below `$ command` in a document, up to the next prompt or the end of the block. */
function printed(document: string, command: string): string {
  const block = document.slice(document.indexOf(`$ ${command}\n`) + command.length + 3)
  return block.slice(0, block.search(/\n(?:\$ |```)/))
}

describe('The documents', () => {
  it.each(examples)('%s shows test/examples/%s as the tests ran it', (document, example) => {
    const text = read(`test/examples/${example}`)
    expect(read(document)).toContain(fenced(text, { ts: 'ts', js: 'js' }[extname(example).slice(1)]))
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(30)
  })

  it('show what help prints', async () => {
    const shown = program(['help'])
    await shown.exit
    expect(read('config/README.md')).toContain(fenced(shown.lines.join('\n')))
  })

  it('have the parameters of every class as help prints them', async () => {
    const page = read('config/README.md')
    const names = classNames(await classList())
    const helps = await Promise.all(names.map(classHelp))
    const folder = new URL('config/examples/', root)
    const inis = Object.fromEntries(
      readdirSync(folder).map((file) => [file, read(`config/examples/${file}`)]),
    )
    const prettier = await resolveConfig(fileURLToPath(new URL('config/README.md', root)))
    const fresh = await parameterTables(page, { helps, examples: inis, prettier })
    const isFresh = page === (await quantityTable(fresh, { quantities, prettier }))
    expect(names).toContain('govee.govee_sensor.GoveeSensor')
    expect(isFresh, 'config/README.md is stale: run npm run parameters').toBe(true)
  })

  it.each(Object.entries({ ...loggingSchema.shape, ...bluetoothSchema.shape }))(
    'have %s, which no class takes',
    (parameter, schema) => {
      const row = read('config/README.md')
        .split('\n')
        .find(
          (line) =>
            line.startsWith(`| \`${parameter}\` `) && line.includes(fieldMeta(schema).description ?? '?'),
        )
      const { defaultValue } = schema.def as { readonly defaultValue?: string }
      expect(row).toContain(defaultValue === undefined ? '' : `default ${defaultValue} `)
    },
  )

  it('show what scan prints of the recording', async () => {
    const command = 'scan --replay config/demo.jsonl --speed max'
    const { lines, exit } = program(command.split(' ').map((word) => word.replace('config/', `${config}/`)))
    await exit
    const end = lines.slice(lines.findIndex((line) => line.startsWith('Devices of known'))).join('\n')
    const ageless = (text: string) => text.replaceAll(/ \d+ s /g, ' 0 s ')
    const [shown = ''] = printed(readme, `sensor-reporter ${command}`).split('…')
    expect(shown).toContain('Address1 = ')
    expect(ageless(end).slice(0, shown.length)).toBe(shown)
  })

  it.each([
    [
      'README.md',
      'sudo sensor-reporter check /etc/sensor-reporter/sensor_reporter.ini',
      { 'Connection = MQTT\n': 'Address1 = a4:c1:38:4b:17:0c\nDestinaton1 = kitchen\nConnection = MQTT\n' },
    ],
    [
      'config/README.md',
      'sensor-reporter check my.ini',
      {
        'Syslog = YES': 'Syslog = perhaps',
        'Keepalive = 10': 'Keepalive = ten',
        'Destination = govee': 'Destinaton = govee',
        'Connection = MQTT\n': 'Connection = MQTTT\n',
      },
    ],
  ])('%s shows what check prints of a file with mistakes', async (document, command, mistakes) => {
    const text = Object.entries(mistakes).reduce(
      (ini, [right, wrong]) => ini.replace(`\n${right}`, `\n${wrong}`),
      read('config/sensor_reporter.ini'),
    )
    const file = temporaryFile('my.ini', text)
    const { lines, exit } = program(['check', file])
    expect(await exit).toBe(1)
    const named = lines.join('\n').replaceAll(file, command.split(' ').at(-1) ?? '')
    expect(named).toBe(printed(read(document), command))
  })

  it('show what new prints', () => {
    const folder = dirname(temporaryFile('x', ''))
    mkdirSync(join(folder, 'node_modules'))
    for (const [name, target] of [
      ['sensor-reporter', ''],
      ['rxjs', 'node_modules/rxjs'],
    ] as const)
      symlinkSync(fileURLToPath(new URL(target, root)), join(folder, 'node_modules', name))
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    const cli = fileURLToPath(new URL('dist/cli.js', root))
    const command = ['new', 'sensor', 'rain']
    const made = execFileSync(process.execPath, [cli, ...command], { cwd: folder, encoding: 'utf8' })
    expect(made.trimEnd()).toBe(printed(read('marbles/README.md'), 'npx sensor-reporter new sensor rain'))
  })

  it('show the diagram of a recording as marble writes it', async () => {
    const folder = dirname(temporaryFile('july.jsonl', read('test/examples/july.jsonl')))
    const page = read('marbles/README.md')
    const [, command = ''] = /\$ npx sensor-reporter (marble --from .*)/.exec(page) ?? []
    const made = program(command.replace('july.jsonl', join(folder, 'july.jsonl')).split(' '))
    expect(await made.exit).toBe(0)
    const written = readFileSync(join(folder, 'july.txt'), 'utf8').split('\n')
    expect(printed(page, 'head -6 july.txt').split('\n')).toEqual(written.slice(0, 6))
  })

  it('show how a marble test fails', () => {
    const values = 'a := attic 21\nb := cellar 9\n'
    const text = `-a--b--a\ntitle = in\n${values}\n> wrong\n\n-a--b--a\ntitle = readings\n${values}`
    const page = read('marbles/README.md')
    const [, shown = ''] = /```\n(cellar\.txt:8: .*?)\n```/s.exec(page) ?? []
    const wrong = map((reading: Reading) => ({ ...reading, destination: 'attic', value: 21 }))
    const [failing] = diagrams({ 'cellar.txt': text }, { wrong: (in$: Sensor) => in$.pipe(wrong) })
    expect(() => failing?.run()).toThrow(new Error(shown))
  })

  it('have a picture of the demo with the words that it shows', () => {
    const lines = demoScreen({
      topics: new Map(),
      port: 1883,
      log: '',
      colours: false,
      columns: 80,
      rows: 24,
      hasStopped: false,
    })
    for (const picture of ['config/demo.svg', 'config/demo-dark.svg'])
      for (const line of lines.split('\n').filter((text) => text !== '' && !text.startsWith('topic')))
        expect(read(picture), `${picture} is stale: run npm run picture`).toContain(line)
  })

  it('name files of src/ that exist', () => {
    const named = [
      ...read('src/README.md').matchAll(
        /`((?:\w+\/)+\w+\.ts|(?:cli|daemon|kernelFiles|memory|model|report)\.ts)`/g,
      ),
    ]
    const files = named.map(([, file = '']) => (file.startsWith('test/') ? file : `src/${file}`))
    expect(files.length).toBeGreaterThan(10)
    expect(files.filter((file) => !existsSync(new URL(file, root)))).toEqual([])
  })
})

describe('README.md', () => {
  it('has at most 250 lines', () => {
    expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(250)
  })

  it('has the brands and models that can be read', async () => {
    const prettier = await resolveConfig(fileURLToPath(new URL('README.md', root)))
    const isFresh = readme === (await modelTable(readme, { formats, prettier }))
    expect(isFresh, 'README.md is stale: run npm run parameters').toBe(true)
    expect(formats.filter(({ models = '' }) => models === '')).toEqual([])
  })

  it('names every model of Govee that is known, and no other', () => {
    const table = readme.slice(readme.indexOf('## Models'), readme.indexOf('## Nothing is heard?'))
    const named = new Set([...table.matchAll(/H\d{4}/g)].map(([model]) => model))
    // Who asks for another one is told which there are.
    const all = expect.stringMatching(new RegExp(`There are ${[...named].sort().join(', ')}\\.$`)) as unknown
    expect(() => advertisement({ model: 'another' })).toThrow(expect.objectContaining({ message: all }))
  })

  it('has Home Assistant and openHAB subscribe to what is published', async () => {
    const packet = advertisement({
      model: 'H5075',
      address: 'a4:c1:38:4b:17:0c',
      temperature: 20.5,
      humidity: 48.2,
    })
    const devices = { 'a4:c1:38:4b:17:0c': 'kitchen' }
    const published = ['status', 'kitchen/status']
    const sensor$ = goveeSensor(of(packet), { destination: 'govee', devices })
    await sensor$.forEach(({ destination }) => published.push(destination))
    const text = read('config/README.md')
    const part = text.slice(text.indexOf('## Home Assistant'), text.indexOf('## Delivery'))
    const topics = [...part.matchAll(/sensor_reporter\/([\w/]+)/g)].map(([, topic]) => topic)
    expect(topics.length).toBeGreaterThan(4)
    expect(published).toEqual(expect.arrayContaining(topics))
  })
})

/** What is packed, and so what users have of the documents. */
const packed = (
  JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts', '--silent'], {
      cwd: root,
      encoding: 'utf8',
    }),
  ) as [{ files: { path: string }[] }]
)[0].files.map(({ path }) => path)

describe.each(documents())('%s', (document) => {
  const text = read(document)
  const links = [...text.matchAll(/(?:\]\(|src(?:set)?=")([^)":]+)[)"]/g)].map(([, link = '']) => link)

  it('is packed', () => {
    expect(packed).toContain(document)
  })

  it('links to files that are packed, too, and to headings that are there', () => {
    const isPacked = (path: string) =>
      packed.some((file) => file === path || file.startsWith(`${path.replace(/\/$/, '')}/`))
    const dead = links.filter((link) => {
      const [path = '', heading] = link.split('#')
      const target = path === '' ? document : posix.join(posix.dirname(document), path)
      return !isPacked(target) || (heading !== undefined && !headings(read(target)).includes(heading))
    })
    expect(dead).toEqual([])
  })
})

/** As GitHub makes links of them. */
const headings = (text: string) =>
  [...text.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  )

const config = fileURLToPath(new URL('config', root))
