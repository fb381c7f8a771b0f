import type { Result } from './campaign.js'

/** Bytes by which the memory has grown. */
export const growth = ({ memories }: Result): number => (memories.at(-1) ?? 0) - (memories[0] ?? 0)
