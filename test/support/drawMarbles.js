import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, watch, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { bufferTime, concatMap, filter, from, fromEvent, map } from 'rxjs'
import { renderDiagram } from '../../lib/marbles/renderDiagram.js'
import { parseDiagram } from '../../lib/testing/parseDiagram.js'
import { marbleIndex } from './marbleIndex.js'

const folder = new URL('../../marbles/', import.meta.url)
const read = (file) => readFileSync(new URL(file, folder), 'utf8')
const diagrams = () => readdirSync(folder).filter((name) => name.endsWith('.txt'))

async function draw(file) {
  const text = read(file)
  for (const [page, end] of [
    ['light', '.svg'],
    ['dark', '-dark.svg'],
  ]) {
    const picture = file.replace(/\.txt$/, end)
    writeFileSync(new URL(picture, folder), await renderDiagram(text, page))
    console.log(`marbles/${picture}`)
  }
}

function drawIndex() {
  const entries = diagrams().map((file) => ({ file, ...parseDiagram(read(file)) }))
  writeFileSync(new URL('README.md', folder), marbleIndex(read('README.md'), entries))
}

/** Runs the test of a diagram, which prints how what came out differs from what is drawn. */
function run(file) {
  const root = fileURLToPath(new URL('../../', import.meta.url))
  const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url))
  const only = [
    'run',
    'test/marbles.test.ts',
    '--hideSkippedTests',
    '--testNamePattern',
    `marbles/ ${file.replaceAll('.', '\\.')}: `,
  ]
  spawnSync(process.execPath, [vitest, ...only], { cwd: root, stdio: 'inherit' })
}

async function update(file) {
  try {
    await draw(file)
    drawIndex()
    run(file)
  } catch (error) {
    // It is being written, or was removed.
    console.error(`marbles/${file}: ${error.message}`)
  }
}

for (const file of diagrams()) await draw(file)
drawIndex()

if (process.argv.includes('--watch')) {
  console.log('Each diagram that is saved is drawn and run. Ctrl+C ends this.')
  fromEvent(watch(folder), 'change')
    .pipe(
      map(([, file]) => file),
      filter((file) => file?.endsWith('.txt')),
      // One save is several events.
      bufferTime(200),
      concatMap((files) => from(new Set(files))),
      concatMap(update),
    )
    .subscribe()
}
