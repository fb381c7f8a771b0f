import * as z from 'zod'
import type { Made } from './classTable.js'
import { boolean } from './fields/boolean.js'
import { level } from './fields/level.js'
import { name } from './fields/name.js'
import { names } from './fields/names.js'
import { text } from './fields/text.js'
import { deliverySchema } from '../mqtt/deliverySchema.js'

const everywhere = {
  Class: text.describe('what the section makes'),
  Level: level.optional().describe('how much it logs: DEBUG, INFO, WARNING or ERROR; else as in [Logging]'),
}

const addressed = z.object({
  ...everywhere,
  Connection: names
    .optional()
    .describe('Name of the connection to use, or several with commas between them; else all of them'),
  ...deliverySchema.shape,
})

/** The parameters that plug-ins understand without listing them, by kind. */
export const commonOptions: Readonly<Record<keyof Made, z.ZodObject<typeof everywhere>>> = {
  connections: z.object({
    ...everywhere,
    Name: name.describe('what Connection lists call it, unique in the file'),
  }),
  sensors: addressed,
  actuators: addressed.extend({
    IgnoreRetained: boolean
      .default(false)
      .describe('do not obey commands that the broker kept from before the program connected'),
  }),
}
