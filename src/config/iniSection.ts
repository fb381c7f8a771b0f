/** One `Key = value` of the file. */
export interface IniOption {
  /** As it is written; its case does not matter. */
  readonly key: string
  readonly value: string
  readonly line: number
}

/** One `[Section]` of the file; `[DEFAULT]` is one like the others. */
export interface IniSection {
  readonly name: string
  readonly line: number
  readonly options: readonly IniOption[]
}
