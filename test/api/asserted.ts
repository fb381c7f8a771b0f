import ts from 'typescript'

/**
 * The code of an example, in which `expression` with `// → values` behind or below it is a call of `says(expression, [values])`:
 * what it says has to be just that, or to begin with it where the values end in `…`. `// → at the broker: values` is what a client of
 * its broker receives until it has completed.
 */
export function asserted(code: string): string {
  const source = ts.createSourceFile('example.ts', code, ts.ScriptTarget.Latest)
  return source.statements
    .map((statement, index) => {
      const next = source.statements[index + 1]?.pos ?? code.length
      const behind = code.slice(statement.end, Math.max(next, startOf(source, index + 1, code)))
      const arrow = /^\s*\/\/ → ([^\n]*(?:\n\/\/ {3}[^\n]*)*)/.exec(behind)?.[1]
      const text = statement.getText(source)
      if (arrow === undefined) return text
      if (!ts.isExpressionStatement(statement))
        throw new Error(`expected an expression above // → ${arrow}, got ${text}`)
      const values = arrow.replace(/\n\/\/ +/g, ' ')
      const [listed, more] = [values.replace(/, …$/, ''), values.endsWith('…')]
      const atBroker = /^at the broker: (.*)$/s.exec(listed)?.[1]
      if (atBroker !== undefined)
        return `await publishes(${statement.expression.getText(source)}, [${atBroker}])`
      return `await says(${statement.expression.getText(source)}, [${listed}], ${more})`
    })
    .join(';\n')
}

/** Where a statement itself begins: the comment above it belongs to the space between. */
const startOf = (source: ts.SourceFile, index: number, code: string): number =>
  source.statements[index]?.getStart(source) ?? code.length
