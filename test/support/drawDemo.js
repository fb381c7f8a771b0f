// npm run picture: draws config/demo.svg and config/demo-dark.svg, a recording of what `demo` shows on a terminal.
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const seconds = 12
const [columns, rows] = [80, 24]

/** What `demo` writes to a terminal: whole screens, the first of each second. */
function record() {
  const demo = `stty cols ${columns} rows ${rows}; exec "${process.execPath}" dist/cli.js demo --for ${seconds}`
  const { stdout, status } = spawnSync('script', ['-qefc', demo, '/dev/null'], {
    cwd: fileURLToPath(new URL('../../', import.meta.url)),
    env: { ...process.env, TERM: 'xterm', NO_COLOR: undefined },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (status !== 0) throw new Error(`demo ended with ${status}: ${stdout}`)
  const screens = stdout
    .split('\x1b[H')
    .slice(1)
    .map((screen) => screen.split(/\x1b\[[JK][\r\n]*/).filter((line) => line !== ''))
  const full = Math.max(...screens.map(({ length }) => length))
  // The last screen is of the end, and there are two in a second.
  return screens.slice(0, -1).filter(({ length }, at) => length === full && at % 2 === 0)
}

const styles = { 1: 'bold', 2: 'dim', 31: 'red', 32: 'green' }

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

/** A line with its colours, which stand between escape sequences. */
const spans = (line) =>
  line
    .split('\x1b[0m')
    .map((part) => {
      const [plain, code, styled] = part.split(/\x1b\[(\d+)m/)
      return escaped(plain) + (code ? `<tspan class="${styles[code]}">${escaped(styled)}</tspan>` : '')
    })
    .join('')

const pages = {
  light: {
    paper: '#f6f8fa',
    edge: '#d1d9e0',
    ink: '#1f2328',
    dim: '#59636e',
    green: '#1a7f37',
    red: '#d1242f',
  },
  dark: {
    paper: '#151b23',
    edge: '#3d444d',
    ink: '#f0f6fc',
    dim: '#9198a1',
    green: '#3fb950',
    red: '#f85149',
  },
}
const [advance, leading, margin] = [8.43, 20, 20]

/** The screens one after the other, a second each, for ever; where nothing moves, the first of them. */
function picture(screens, { paper, edge, ink, dim, green, red }) {
  const [first] = screens
  const [width, height] = [Math.ceil(columns * advance) + 2 * margin, first.length * leading + 2 * margin]
  const row = (line, at) => `<text x="${margin}" y="${margin + (at + 0.7) * leading}">${spans(line)}</text>\n`
  const stays = (line, at) => screens.every((screen) => screen[at] === line)
  const still = first.map((line, at) => (stays(line, at) ? row(line, at) : '')).join('')
  const moving = screens.map((screen, second) => {
    const lines = screen.map((line, at) => (stays(first[at], at) ? '' : row(line, at))).join('')
    return `<g style="animation-delay: ${second - screens.length}s">\n${lines}</g>\n`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<style>
text { font: 14px ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace; fill: ${ink}; white-space: pre }
.bold { font-weight: bold }
.dim { fill: ${dim} }
.green { fill: ${green} }
.red { fill: ${red} }
g:not(:first-of-type) { visibility: hidden }
@media (prefers-reduced-motion: no-preference) { g { animation: turn ${screens.length}s step-end infinite } }
@keyframes turn { 0% { visibility: visible } ${(100 / screens.length).toFixed(3)}% { visibility: hidden } }
</style>
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" fill="${paper}" stroke="${edge}"/>
${still}${moving.join('')}</svg>
`
}

const screens = record()
for (const [page, colours] of Object.entries(pages)) {
  const file = `config/demo${page === 'light' ? '' : `-${page}`}.svg`
  writeFileSync(new URL(`../../${file}`, import.meta.url), picture(screens, colours))
  console.log(file)
}
