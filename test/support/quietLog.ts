import { vi } from 'vitest'

/** A logger that prints nothing; what was said can be looked at. */
export const quietLog = () => ({ debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() })
