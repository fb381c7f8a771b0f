import type { Options } from 'prettier'

/** The names of the classes in what `help` prints. */
export function classNames(help: string): string[]

/** The page about configurations, with the tables of all parameters between its two marks made anew. */
export function parameterTables(
  page: string,
  sources: {
    /** What `help CLASS` prints for each class. */
    readonly helps: readonly string[]
    /** Text by file name. */
    readonly examples: Readonly<Record<string, string>>
    readonly prettier: Options | null
  },
): Promise<string>

/** The page for users, with its table of brands and their models made anew. */
export function modelTable(
  page: string,
  sources: {
    readonly formats: readonly { readonly brand: string; readonly models?: string }[]
    readonly prettier: Options | null
  },
): Promise<string>

/** The page about configurations, with its table of everything that is measured made anew. */
export function quantityTable(
  page: string,
  sources: { readonly quantities: object; readonly prettier: Options | null },
): Promise<string>
