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
