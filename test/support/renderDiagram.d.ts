/** Draws the text of a marble diagram as SVG; a label of two words goes on two lines of its circle. */
export function renderDiagram(text: string): string
