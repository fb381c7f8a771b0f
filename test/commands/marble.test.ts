import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { of } from 'rxjs'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Sensor } from '../../src/model.js'
import { marble, marbleOfCapture } from '../../src/commands/marble.js'
import { diagram } from '../../src/testing/diagrams.js'
import { renderDiagram } from '../../src/marbles/renderDiagram.js'
import { program } from '../support/program.js'

const text = '-a-|\na := attic 21\n\n> delay(1)\n\n--a-|\na := attic 21\n'

describe('sensor-reporter marble', () => {
  let folder: string
  const errors: unknown[] = []
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'marble-'))
    writeFileSync(join(folder, 'delay.txt'), text)
    errors.length = 0
    vi.spyOn(console, 'error').mockImplementation((line) => errors.push(line))
  })
  afterEach(() => {
    vi.restoreAllMocks()
    rmSync(folder, { recursive: true })
  })

  const picture = (name: string) => readFileSync(join(folder, name), 'utf8')

  it('draws a diagram beside its text, for light pages or for dark ones', async () => {
    expect(await marble(join(folder, 'delay.txt'), {})).toBe(0)
    expect(await marble(join(folder, 'delay.txt'), { dark: true })).toBe(0)
    expect(picture('delay.svg')).toBe(await renderDiagram(text))
    expect(picture('delay-dark.svg')).toBe(await renderDiagram(text, 'dark'))
    expect(picture('delay.svg')).not.toBe(picture('delay-dark.svg'))
  })

  it('draws where it is told to', async () => {
    expect(await marble(join(folder, 'delay.txt'), { output: join(folder, 'other.svg') })).toBe(0)
    expect(picture('other.svg')).toMatch(/^<svg/)
  })

  it('says why it cannot: no file, no diagram', async () => {
    writeFileSync(join(folder, 'none.txt'), 'attic 21')
    expect(await marble(join(folder, 'missing.txt'), {})).toBe(3)
    expect(await marble(join(folder, 'none.txt'), {})).toBe(3)
    expect(errors).toEqual([
      expect.stringContaining('missing.txt cannot be drawn: there is no such file'),
      expect.stringContaining('none.txt:1: expected streams, then "> operator"'),
    ])
  })

  it('says what to install where Swirly is missing', async () => {
    vi.doMock('@swirly/parser', () => {
      throw new Error('Cannot find package')
    })
    expect(await marble(join(folder, 'delay.txt'), {})).toBe(3)
    vi.doUnmock('@swirly/parser')
    expect(errors).toEqual([expect.stringContaining('npm install @swirly/parser @swirly/renderer-node')])
  })
})

describe('a picture', () => {
  const topics = `% Fahrenheit is < Celsius & more.

-a-b-c-d-|
title = in
a := home/attic/temp_c 20
b := home/attic/temperature_of_the_air 21
c := home/cellar/temp_c 20
d := heard

> to()
frame = 10 min

-a-------|
title = out
a := temp_f 68
`

  it('has the sentence as title, and how long a character takes', async () => {
    const svg = await renderDiagram(topics)
    expect(svg).toContain('>Fahrenheit is &lt; Celsius &amp; more.</text>')
    expect(svg).toContain('>= 10 min</text>')
    expect(await renderDiagram(text)).toContain('>= 1 ms</text>')
  })

  it('has as much of a topic in a marble as tells it from others, and the whole below', async () => {
    const svg = await renderDiagram(topics)
    const texts = [...svg.matchAll(/<text[^>]*>(.*?)<\/text>/g)].map(([, inner = '']) => inner)
    const labels = texts.map((inner) =>
      inner.replaceAll(/<\/tspan><tspan[^>]*>/g, ' ').replaceAll(/<[^>]*>/g, ''),
    )
    expect(labels).toEqual(
      expect.arrayContaining([
        'attic/temp_c 20',
        'temperature_of_the_air 21',
        'cellar/temp_c 20',
        'heard',
        'temp_f 68',
        'attic/temp_c is home/attic/temp_c',
        'temperature_of_the_air is home/attic/temperature_of_the_air',
        'cellar/temp_c is home/cellar/temp_c',
      ]),
    )
    expect(labels).not.toContain('temp_f is temp_f')
  })

  it.each(['-ab|', '-a-b|'])('has the marbles of %s beside each other, not on top', async (marbles) => {
    const svg = await renderDiagram(`${marbles}\n\n> same\n\n${marbles}`)
    const places = [...svg.matchAll(/translate\(([\d.]+) 0\)"><ellipse/g)].map(([, x]) => Number(x))
    expect(places).toHaveLength(4)
    expect(Math.abs((places[0] ?? 0) - (places[1] ?? 0))).toBeGreaterThanOrEqual(60)
  })

  it('has words as large as fit into a marble, and squeezes what would be too small', async () => {
    const svg = await renderDiagram(topics)
    expect(svg).toMatch(/font-size="13px">heard</)
    expect(svg).toMatch(/font-size="7px">attic\/temp_c</)
    expect(svg).toMatch(
      /font-size="7px" textLength="48" lengthAdjust="spacingAndGlyphs">temperature_of_the_air</,
    )
  })
})

describe('sensor-reporter marble --from', () => {
  const july = fileURLToPath(new URL('../examples/july.jsonl', import.meta.url))
  const devices = { 'a4:c1:38:11:22:33': 'attic' }
  const hour = 3_600_000
  let folder: string
  const errors: unknown[] = []
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'marble-'))
    errors.length = 0
    vi.spyOn(console, 'error').mockImplementation((line) => errors.push(line))
  })
  afterEach(() => {
    vi.restoreAllMocks()
    rmSync(folder, { recursive: true })
  })

  it('writes what was heard as a diagram, from which a test begins', () => {
    const file = join(folder, 'july.txt')
    const heard = [18.9, 19.7, 25.3, 32.6, 37.1, 36.3, 30.7, 23.4, 23.3]
    const letters = heard.map((value, at) => `${'abcdefghi'[at] ?? ''} := attic/temp_c ${value}`).join('\n')
    expect(marbleOfCapture(file, { from: july, select: 'attic/temp_c', frame: 3 * hour, devices })).toBe(0)
    expect(readFileSync(file, 'utf8')).toBe(
      `% What was heard on attic/temp_c, in july.jsonl.
% Of several readings in a character the last one is drawn. Below: put what is to come out of what you test.

abcdefghi-
title = heard
${letters}

> same
frame = 3 h

abcdefghi-
title = expected
${letters}
`,
    )
    diagram(file, { same: (heard$: Sensor) => heard$ })
    expect(() => diagram(file, { same: () => of() })).toThrow('july.txt:')
  })

  it('draws the same of what decode has printed of it', async () => {
    const [captured, decoded] = [join(folder, 'july.jsonl'), join(folder, 'decoded', 'july.jsonl')]
    copyFileSync(july, captured)
    mkdirSync(join(folder, 'decoded'))
    const { lines, exit } = program(['decode', july])
    expect(await exit).toBe(0)
    writeFileSync(decoded, lines.join('\n'))
    for (const select of ['attic/temp_c', 'attic/battery'])
      for (const from of [captured, decoded]) {
        const file = from.replace(/\w+$/, select.replace('/', '.'))
        expect(marbleOfCapture(file, { from, select, frame: 6 * hour, devices })).toBe(0)
        expect(readFileSync(file, 'utf8')).toContain(`a := ${select}`)
        expect(readFileSync(file, 'utf8')).toBe(
          readFileSync(join(folder, `july.${select.replace('/', '.')}`), 'utf8'),
        )
      }
    expect(
      marbleOfCapture(join(folder, 'x'), { from: decoded, select: 'GVH5075_2233/rssi', frame: 24 * hour }),
    ).toBe(0)
  })

  it('says which line decode has not printed', () => {
    const from = join(folder, 'decoded.jsonl')
    writeFileSync(from, '{"address":"a4:c1:38:11:22:33","ignored":true}\n{"address":')
    expect(marbleOfCapture(undefined, { from, select: 'a', frame: 1 })).toBe(3)
    writeFileSync(from, '{"address":"a4:c1:38:11:22:33","ignored":true}\n')
    expect(marbleOfCapture(undefined, { from, select: 'a', frame: 1 })).toBe(1)
    expect(errors).toEqual([
      `${from} cannot be drawn: expected an object such as decode prints in line 2, got "{"address":"`,
      `${from}: nothing was heard on a, but on no topic at all`,
    ])
  })

  it('draws all devices by their own names where none is named, beside the capture', () => {
    const copy = join(folder, 'july.jsonl')
    copyFileSync(july, copy)
    expect(marbleOfCapture(undefined, { from: copy, select: 'GVH5075_2233/battery', frame: 12 * hour })).toBe(
      0,
    )
    expect(readFileSync(join(folder, 'july.txt'), 'utf8')).toContain(':= GVH5075_2233/battery 87')
  })

  it('says what it cannot draw', () => {
    const file = join(folder, 'july.txt')
    const options = { from: july, select: 'attic/temp_c', frame: 60_000, devices }
    expect(marbleOfCapture(file, { ...options, select: 'attic/co2' })).toBe(1)
    expect(marbleOfCapture(file, options)).toBe(3)
    expect(marbleOfCapture(file, { ...options, from: join(folder, 'none.jsonl') })).toBe(3)
    expect(existsSync(file)).toBe(false)
    writeFileSync(file, 'mine')
    expect(marbleOfCapture(file, { ...options, frame: 3 * hour })).toBe(3)
    expect(readFileSync(file, 'utf8')).toBe('mine')
    expect(errors).toEqual([
      `${july}: nothing was heard on attic/co2, but on attic/humi, attic/rssi, attic/temp_c, attic/temp_f, attic/battery`,
      expect.stringMatching(
        /july\.jsonl cannot be drawn: expected at most 52 values, one for each letter, got \d+: take a longer --frame/,
      ),
      `${join(folder, 'none.jsonl')} cannot be drawn: there is no such file`,
      `${file} exists already: name another file.`,
    ])
  })
})

describe('sensor-reporter marble on the command line', () => {
  const july = fileURLToPath(new URL('../examples/july.jsonl', import.meta.url))
  const from = ['marble', '--from', july, '-']
  const whole = ['--select', 'attic/battery', '--frame', '12h', '--device', 'a4:c1:38:11:22:33=attic']

  it('prints what was heard', async () => {
    const { lines, exit } = program([...from, ...whole])
    expect(await exit).toBe(0)
    expect(lines.slice(0, 6)).toEqual([
      '% What was heard on attic/battery, in july.jsonl.',
      expect.stringMatching(/^% Of several readings/),
      '',
      expect.stringMatching(/^[a-z]{2,3}-$/),
      'title = heard',
      'a := attic/battery 87',
    ])
    expect(lines).toContain('frame = 12 h')
  })

  it('says in its help what it takes', async () => {
    const { lines, exit } = program(['marble', '--help'])
    expect(await exit).toBe(0)
    for (const option of [
      '--from <CAPTURE>',
      '--select <TOPIC>',
      '--frame <TIME>',
      '--device <ADDRESS=NAME>',
    ])
      expect(lines.join('\n')).toContain(option)
  })

  it.each([
    [
      ['--select', 'attic/temp_x', ...whole.slice(2)],
      1,
      /: nothing was heard on attic\/temp_x, but on attic\/temp_[cf], /,
    ],
    [
      ['--select', 'attic/temp_c'],
      2,
      /--from needs --select TOPIC, such as attic\/temp_c, and --frame TIME, such as 10min/,
    ],
    [['--select', 'attic/temp_c', '--frame', 'soon'], 2, /--frame TIME, such as 10min \(.*ms.*h.*\)/],
    [['--frame', '10min'], 2, /--from needs --select TOPIC/],
    [['--select', 'attic/temp_c', '--frame', '1h', '--device', 'attic'], 2, /ADDRESS=NAME/],
  ])('with %j it ends with %i', async (words, code, said) => {
    const { lines, exit } = program([...from, ...words])
    expect(await exit).toBe(code)
    expect(lines.join('\n')).toMatch(said)
  })

  it('needs a file that there is', async () => {
    const { lines, exit } = program(['marble', '--from', 'none.jsonl', ...whole])
    expect(await exit).toBe(2)
    expect(lines.join('\n')).toMatch(/none\.jsonl/)
    const neither = program(['marble'])
    expect(await neither.exit).toBe(2)
    expect(neither.lines.join('\n')).toContain('Expected the FILE.txt to be drawn, or --from CAPTURE.')
  })
})
