import { logicPlugin } from './logicPlugin.js'

/** `[ActuatorN] Class = local.local_logic.LogicNot` */
export const LogicNot = logicPlugin('ON while no input is ON.', (inputs) => !inputs.some(Boolean))
