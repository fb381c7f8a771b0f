import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { expect, it } from 'vitest'

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url))

it('the examples in JavaScript have the types that they say', () => {
  const { config } = ts.readConfigFile(path('../../tsconfig.json'), (file) => ts.sys.readFile(file)) as {
    readonly config: { readonly compilerOptions: object }
  }
  const { options } = ts.parseJsonConfigFileContent(
    { compilerOptions: { ...config.compilerOptions, allowJs: true } },
    ts.sys,
    path('../..'),
  )
  const files = [
    'attic.js',
    'rain/rain.js',
    'rain/rain.test.js',
    'scale/myscale.js',
    'scale/myscale.test.js',
  ].map(path)
  const program = ts.createProgram(files, options)
  const faults = files.flatMap((file) => {
    const source = program.getSourceFile(file)
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
  })
  expect(
    faults.map(
      ({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    ),
  ).toEqual([])
})
