import { fileURLToPath } from 'node:url'
import ts from 'typescript'

/** A name that users import, and what the compiler knows of it. */
export interface PublicName {
  readonly name: string
  /** Name and documentation of each member, if it is a type. */
  readonly members: readonly { readonly name: string; readonly text: string }[]
  readonly isFunction: boolean
  readonly text: string
  readonly examples: readonly string[]
}

const path = (relative: string) => fileURLToPath(new URL(`../../${relative}`, import.meta.url))

export const compilerOptions = ts.parseJsonConfigFileContent(
  ts.readConfigFile(path('tsconfig.json'), (file) => ts.sys.readFile(file)).config,
  ts.sys,
  path(''),
).options

const parsed = new Map<string, ts.SourceFile | undefined>()
const host = ts.createCompilerHost(compilerOptions)

/** Reads each file once, however many programs of the compiler it is in. */
export const compilerHost: ts.CompilerHost = {
  ...host,
  getSourceFile: (file, ...others) => {
    if (!parsed.has(file)) parsed.set(file, host.getSourceFile(file, ...others))
    return parsed.get(file)
  },
}

const program = ts.createProgram(
  [path('src/index.ts'), path('src/testing/index.ts')],
  compilerOptions,
  compilerHost,
)
const checker = program.getTypeChecker()

const exportsOf = (file: string): ts.Symbol[] => {
  const source = program.getSourceFiles().find(({ fileName }) => fileName.endsWith(file))
  const symbol = source && checker.getSymbolAtLocation(source)
  if (!symbol) throw new Error(`expected a module ${file}`)
  return checker.getExportsOfModule(symbol)
}

const isOurs = ({ declarations = [] }: ts.Symbol) =>
  declarations.some((declaration) => declaration.getSourceFile().fileName.startsWith(path('src')))

const isInternal = (symbol: ts.Symbol) => symbol.getJsDocTags().some(({ name }) => name === 'internal')

const textOf = (symbol: ts.Symbol) => ts.displayPartsToString(symbol.getDocumentationComment(checker))

function publicNames(exported: ts.Symbol, prefix = ''): PublicName[] {
  const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
  const name = `${prefix}${exported.name}`
  if (!isOurs(symbol)) return []
  if (symbol.flags & ts.SymbolFlags.Module)
    return checker.getExportsOfModule(symbol).flatMap((member) => publicNames(member, `${name}.`))
  const isFunction = Boolean(symbol.flags & ts.SymbolFlags.Value)
  const properties = isFunction ? [] : checker.getDeclaredTypeOfSymbol(symbol).getProperties()
  return [
    {
      name,
      isFunction,
      text: textOf(symbol),
      members: properties
        .filter((member) => isOurs(member) && !isInternal(member))
        .map((member) => ({ name: member.name, text: textOf(member) })),
      examples: symbol
        .getJsDocTags(checker)
        .filter((tag) => tag.name === 'example')
        .map((tag) => ts.displayPartsToString(tag.text)),
    },
  ]
}

/** What users import from each module, and the names that examples may use without importing them. */
export const publicApi = {
  'sensor-reporter': exportsOf('/src/index.ts').flatMap((symbol) => publicNames(symbol)),
  'sensor-reporter/testing': exportsOf('/src/testing/index.ts').flatMap((symbol) => publicNames(symbol)),
}

export const importable: Readonly<Record<string, readonly string[]>> = {
  'sensor-reporter': exportsOf('/src/index.ts').map(({ name }) => name),
  'sensor-reporter/testing': exportsOf('/src/testing/index.ts').map(({ name }) => name),
  rxjs: exportsOf('/rxjs/dist/types/index.d.ts').map(({ name }) => name),
}
