import { logicPlugin } from './logicPlugin.js'

/** `[ActuatorN] Class = local.local_logic.LogicAnd` */
export const LogicAnd = logicPlugin('ON while all inputs are ON.', (inputs) => inputs.every(Boolean))
