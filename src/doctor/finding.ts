/** One thing the doctor looked at: how it is and, where it is not well, the command that mends it. */
export interface Finding {
  /** Whether it is well. */
  readonly ok: boolean
  /** How it is, for people. */
  readonly text: string
}
