import { existsSync, readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { program } from './support/program.js'

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const readme = read('README.md')
const fenced = (text: string, language = '') => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``
const examples = [
  'atticAlarm.ts',
  'averages.ts',
  'fan.ts',
  'recordedDay.test.ts',
  'rain/rain.txt',
  'rain/rain.test.js',
  'rain/rain.js',
  'attic.js',
]

describe('README.md', () => {
  it.each(examples)('shows test/examples/%s as the tests ran it', (example) => {
    const text = read(`test/examples/${example}`)
    expect(readme).toContain(fenced(text, { ts: 'ts', js: 'js' }[extname(example).slice(1)]))
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(30)
  })

  it.each([[['help']], [['help', 'govee.govee_sensor.GoveeSensor']]])(
    'shows what %j prints',
    async (args) => {
      const shown = program(args)
      await shown.exit
      expect(readme).toContain(fenced(shown.lines.join('\n')))
    },
  )

  it('links to files that exist', () => {
    const links = [...readme.matchAll(/(?:\]\(|src(?:set)?=")([\w./-]+)[)"]/g)].map((match) => match[1] ?? '')
    expect(links.length).toBeGreaterThan(0)
    for (const link of links) expect(existsSync(new URL(`../${link}`, import.meta.url)), link).toBe(true)
  })
})
