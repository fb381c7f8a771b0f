import type { RadioState } from './radioState.js'
import { radioStateText } from './radioStateText.js'

/** Whether two states are one. */
export const sameState = (a: RadioState, b: RadioState): boolean =>
  radioStateText(a) === radioStateText(b) && isHopeless(a) === isHopeless(b)

const isHopeless = (state: RadioState) => state.kind === 'deaf' && state.hopeless === true
