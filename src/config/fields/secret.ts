import { z } from 'zod'

/** A password or the like: any text, also none; it is never shown in messages or logs. */
export const secret = z.string().meta({ secret: true })
