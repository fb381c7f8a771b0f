/** A diagram as the index shows it. */
export interface IndexedDiagram {
  readonly file: string
  readonly sentence: string
  readonly remark: string
  /** Duration of one character, ms. */
  readonly frame: number
}

/** The page of the folder of diagrams, with what stands between its two marks made anew. */
export function marbleIndex(page: string, diagrams: readonly IndexedDiagram[]): string
