import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { renderDiagram } from './renderDiagram.js'

const folder = new URL('../../marbles/', import.meta.url)

for (const file of readdirSync(folder).filter((name) => name.endsWith('.txt'))) {
  const picture = file.replace(/txt$/, 'svg')
  writeFileSync(new URL(picture, folder), renderDiagram(readFileSync(new URL(file, folder), 'utf8')))
  console.log(`marbles/${picture}`)
}
