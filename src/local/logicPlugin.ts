import * as z from 'zod'
import { destination } from '../config/fields/destination.js'
import { destinations } from '../config/fields/destinations.js'
import { twoTexts } from '../config/fields/twoTexts.js'
import { actuatorPlugin } from '../config/plugin.js'
import { logicGate } from './logicGate.js'

/** Makes the ini adapter of a logic gate from a sentence about it and what comes out of its inputs. */
export const logicPlugin = (summary: string, output: (inputs: readonly boolean[]) => boolean) =>
  actuatorPlugin({
    summary,
    local: true,
    options: z.object({
      InputSrc: destinations.describe('topics, with commas between them, where ON, OFF and TOGGLE come in'),
      OutputDest: destinations.describe(
        'topics, with commas between them, that get the result; over local connections only',
      ),
      EnableSrc: destination
        .optional()
        .describe('topic where ON and OFF switch the gate itself; it is on at first'),
      Values: twoTexts.prefault('OFF,ON').describe('what to say for OFF and for ON'),
    }),
    sources: ({ InputSrc, EnableSrc }) => (EnableSrc === undefined ? InputSrc : [...InputSrc, EnableSrc]),
    create: ({ InputSrc, OutputDest, EnableSrc, Values }) =>
      logicGate(output, { inputs: InputSrc, outputs: OutputDest, enableSrc: EnableSrc, values: Values }),
  })
