import type { RadioState } from './radioState.js'

const ranks: readonly RadioState['kind'][] = ['listening', 'deaf', 'off', 'missing']

/** The state of several adapters together: that of the one that is best off, or of the one that went deaf last. */
export const overallState = (states: readonly RadioState[]): RadioState | undefined =>
  [...states].sort((a, b) => ranks.indexOf(a.kind) - ranks.indexOf(b.kind) || deafSince(b) - deafSince(a))[0]

const deafSince = (state: RadioState) => (state.kind === 'deaf' ? state.since : 0)
