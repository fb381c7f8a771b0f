/** Something in a configuration that is wrong, or that is probably not meant. */
export interface Problem {
  /** A configuration with an error cannot be used; one with warnings can. */
  readonly severity: 'error' | 'warning'
  /** Counted from 1; 0 when it is the file as a whole. */
  readonly line: number
  /** Name of the ini section. */
  readonly section?: string
  /** The parameter, as it is written in the file. */
  readonly key?: string
  /** What was expected, what was got and what to do; never a secret. */
  readonly message: string
}
