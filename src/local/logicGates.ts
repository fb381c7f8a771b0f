import { defer, mergeMap } from 'rxjs'
import * as z from 'zod'
import { describe, deviceAt } from '../description.js'
import { checked, inCode, listInCode, optionsInCode } from '../fields/codeOptions.js'
import { text, twoTexts } from '../fields/fields.js'
import { destination, destinations } from '../fields/topicFields.js'
import type { Actuator } from '../model.js'
import { isToggle } from '../operators/switched.js'
import { actuatorPlugin } from '../plugin/plugin.js'

/** What a gate listens to, and where it reports what comes out. */
export interface LogicGateOptions {
  /** Where ON, OFF and TOGGLE come in; an input without a command yet is OFF. */
  readonly inputs: readonly string[]
  /** Where it reports what comes out. */
  readonly outputs: readonly string[]
  /** ON and OFF there switch the gate itself on and off; what comes in while it is off is ignored. */
  readonly enableSrc?: string | undefined
  /** What it reports for OFF and for ON. @default ['OFF', 'ON'] */
  readonly values?: readonly [off: string, on: string]
}

/**
 * Combines what comes in by `output`, and reports what comes out whenever that changes; it is OFF at first. `TOGGLE` on any
 * input switches the output over, until an input says ON or OFF again.
 *
 * @throws TypeError that says what is wrong with the options, as for those of a file.
 * @example
 * const anyOpen = logicGate((inputs) => inputs.some(Boolean), {
 *   inputs: ['door', 'window'],
 *   outputs: ['alarm'],
 * })
 * of({ source: 'door', payload: 'ON' }, { source: 'window', payload: 'ON' }).pipe(anyOpen)
 * // → { destination: 'alarm', value: 'ON' }
 */
export function logicGate(
  output: (inputs: readonly boolean[]) => boolean,
  options: LogicGateOptions,
): Actuator {
  const {
    inputs,
    outputs,
    enableSrc,
    values: [off, on] = ['OFF', 'ON'],
  } = checked('logicGate', gateInCode, options)
  return (commands$) =>
    defer(() => {
      const device = deviceAt(outputs[0] ?? '')
      const quantity = { words: [on, off] as const }
      const abouts = outputs.map((output) => describe(device, output, output, quantity))
      const states = new Map(inputs.map((input) => [input, false]))
      let enabled = true
      let state = false
      return commands$.pipe(
        mergeMap(({ source, payload }) => {
          if (source === enableSrc) enabled = payload === 'ON'
          if (!enabled || !states.has(source)) return []
          const before = state
          if (isToggle(payload)) state = !state
          else state = output([...states.set(source, payload === 'ON').values()])
          return state === before
            ? []
            : abouts.map((about) => ({ destination: about.topic, value: state ? on : off, about }))
        }),
      )
    })
}

const gateInCode = optionsInCode({
  inputs: listInCode(inCode(destination)),
  outputs: listInCode(inCode(destination)),
  enableSrc: inCode(destination).optional(),
  values: listInCode(inCode(text), 2).optional(),
})

/** `[ActuatorN] Class = local.local_logic.LogicAnd` */
export const LogicAnd = logicPlugin('ON while all inputs are ON.', (inputs) => inputs.every(Boolean))

/** `[ActuatorN] Class = local.local_logic.LogicNot` */
export const LogicNot = logicPlugin('ON while no input is ON.', (inputs) => !inputs.some(Boolean))

/** `[ActuatorN] Class = local.local_logic.LogicOr` */
export const LogicOr = logicPlugin('ON while at least one of several inputs is ON.', (inputs) =>
  inputs.some(Boolean),
)

/** Makes the ini adapter of a logic gate from a sentence about it and what comes out of its inputs. */
function logicPlugin(summary: string, output: (inputs: readonly boolean[]) => boolean) {
  return actuatorPlugin({
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
    acts: (_, { payload }) => isToggle(payload),
    create: ({ InputSrc, OutputDest, EnableSrc, Values }) =>
      logicGate(output, { inputs: InputSrc, outputs: OutputDest, enableSrc: EnableSrc, values: Values }),
  })
}
