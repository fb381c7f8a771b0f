import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { compilerHost, compilerOptions, importable } from './publicApi.js'

const prelude =
  'declare function says(actual: unknown, shown: readonly unknown[], more: boolean): Promise<void>; declare function publishes(actual: unknown, shown: readonly string[]): Promise<void>'

/** What the compiler has against examples, each a module that imports whatever public names it uses. */
export function faultsOf(examples: readonly { readonly name: string; readonly code: string }[]): string[] {
  const modules = new Map(
    examples.map(({ name, code }, index) => [
      fileURLToPath(new URL(`example-${index}-of-${name}.ts`, import.meta.url)),
      moduleOf(code),
    ]),
  )
  const options = { ...compilerOptions, verbatimModuleSyntax: false }
  const program = ts.createProgram([...modules.keys()], options, {
    ...compilerHost,
    readFile: (file) => modules.get(file) ?? compilerHost.readFile(file),
    fileExists: (file) => modules.has(file) || compilerHost.fileExists(file),
    getSourceFile: (file, ...others) => {
      const text = modules.get(file)
      return text === undefined
        ? compilerHost.getSourceFile(file, ...others)
        : ts.createSourceFile(file, text, ts.ScriptTarget.ES2023)
    },
  })
  return [...modules.keys()].flatMap((file) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(file))
      .map(({ messageText }) => `${file}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`),
  )
}

function moduleOf(code: string): string {
  const used = new Set(code.match(/[\w$]+/g))
  const taken = new Set<string>()
  const imports = Object.entries(importable).map(([module, names]) => {
    const wanted = names.filter((name) => used.has(name) && !taken.has(name))
    for (const name of wanted) taken.add(name)
    return `import { ${wanted.join(', ')} } from '${module}'`
  })
  // In a function, what the example declares may be named as something imported.
  return [...imports, prelude, `export async function example() {\n${code}\n}`].join('\n')
}
