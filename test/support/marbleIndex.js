const [begin, end] = ['<!-- drawn by npm run marbles -->\n', '<!-- end -->\n']

/** The page of the folder of diagrams, with what stands between its two marks made anew. */
export function marbleIndex(page, diagrams) {
  const [before, after] = [page.indexOf(begin) + begin.length, page.indexOf(end)]
  if (after < before) throw new Error(`expected the lines ${begin.trim()} and ${end.trim()} in the page`)
  return `${page.slice(0, before)}\n${diagrams.map(entry).join('\n')}\n${page.slice(after)}`
}

function entry({ file, sentence, remark }) {
  const name = file.replace(/\.txt$/, '')
  const link = `[${file}](${file})`
  return `### ${sentence.replace(/\.$/, '')}

${link}.${remark && ` ${remark}`}

<picture><source media="(prefers-color-scheme: dark)" srcset="${name}-dark.svg"><img src="${name}.svg" alt="${name}"></picture>
`
}
