import { config } from 'zod'

/** Has zod walk through schemas instead of making code of each: ours are few, and most are used once. */
export function interpretSchemas(): void {
  config({ jitless: true })
}
