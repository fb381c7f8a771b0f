import { isToggle } from '../local/isToggle.js'
import type { SwitchCommand } from '../operators/switched.js'

/** What a payload tells a switch; a time is that of a press, and toggles. `undefined` when it tells it nothing. */
export function switchCommand(payload: string): SwitchCommand | undefined {
  if (isToggle(payload)) return 'TOGGLE'
  return payload === 'ON' || payload === 'OFF' ? payload : undefined
}
