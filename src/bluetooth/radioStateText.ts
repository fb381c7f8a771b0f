import type { RadioState } from './radioState.js'

/** A state as it is published: `LISTENING`, `DEAF since 2026-01-31T06:30:00.000Z` or `NO ADAPTER: …`. */
export function radioStateText(state: RadioState): string {
  if (state.kind === 'listening') return 'LISTENING'
  if (state.kind === 'deaf') return `DEAF since ${new Date(state.since).toISOString()}`
  return `NO ADAPTER: ${state.reason}`
}
