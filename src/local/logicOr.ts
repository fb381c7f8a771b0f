import { logicPlugin } from './logicPlugin.js'

/** `[ActuatorN] Class = local.local_logic.LogicOr` */
export const LogicOr = logicPlugin('ON while at least one of several inputs is ON.', (inputs) =>
  inputs.some(Boolean),
)
