import { headerLines } from './headerLines.js'

/** The line that a pin is, `undefined` for a pin of the header that is none: `lineOf(11, 'BOARD')` is 17. */
export const lineOf = (pin: number, numbering: 'BCM' | 'BOARD'): number | undefined =>
  numbering === 'BCM' ? pin : headerLines.get(pin)
