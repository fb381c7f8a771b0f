/** One thing the doctor looked at: how it is and, where it is not well, the command that mends it. */
export interface Finding {
  readonly ok: boolean
  readonly text: string
}
