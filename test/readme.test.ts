import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { program } from './support/program.js'

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const readme = read('README.md')
const fenced = (text: string) => `\`\`\`\n${text.trimEnd()}\n\`\`\``

describe('README.md', () => {
  it.each(['test/examples/atticAlarm.ts', 'test/examples/uptime.ts'])(
    'shows %s as the compiler saw it',
    (path) => {
      expect(readme).toContain(read(path))
    },
  )

  it('shows a marble diagram as the tests ran it', () => {
    expect(readme).toContain(fenced(read('marbles/refreshable.txt')))
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
    const links = [...readme.matchAll(/\]\(([\w./-]+)\)/g)].map((match) => match[1] ?? '')
    expect(links.length).toBeGreaterThan(0)
    for (const link of links) expect(existsSync(new URL(`../${link}`, import.meta.url)), link).toBe(true)
  })
})
