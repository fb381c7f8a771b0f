import { defer, mergeMap } from 'rxjs'
import type { Actuator } from '../model.js'
import { isToggle } from './isToggle.js'

/** What a gate listens to, and where it says what comes out. */
export interface LogicGateOptions {
  /** Where ON, OFF and TOGGLE come in; an input that has said nothing yet is OFF. */
  readonly inputs: readonly string[]
  /** Where it says what comes out. */
  readonly outputs: readonly string[]
  /** ON and OFF there switch the gate itself on and off; what comes in while it is off is ignored. */
  readonly enableSrc?: string | undefined
  /** What it says for OFF and for ON. @default ['OFF', 'ON'] */
  readonly values?: readonly [off: string, on: string]
}

/**
 * Combines what comes in by `output`, and says what comes out whenever that changes; it is OFF at first. `TOGGLE` on any
 * input switches the output over, until an input says ON or OFF again.
 *
 * @example
 * const anyOpen = logicGate((inputs) => inputs.some(Boolean), {
 *   inputs: ['door', 'window'],
 *   outputs: ['alarm'],
 * })
 * of({ source: 'door', payload: 'ON' }, { source: 'window', payload: 'ON' }).pipe(anyOpen)
 * // → { destination: 'alarm', value: 'ON' }
 */
export const logicGate =
  (
    output: (inputs: readonly boolean[]) => boolean,
    { inputs, outputs, enableSrc, values: [off, on] = ['OFF', 'ON'] }: LogicGateOptions,
  ): Actuator =>
  (commands$) =>
    defer(() => {
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
            : outputs.map((destination) => ({ destination, value: state ? on : off }))
        }),
      )
    })
