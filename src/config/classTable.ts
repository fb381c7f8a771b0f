import type { z } from 'zod'
import type { Actuator, Connection, Sensor } from '../model.js'
import type { Plugin } from './plugin.js'

/** The three kinds of components, and what a plug-in of each makes. */
export interface Made {
  readonly connections: Connection
  readonly sensors: Sensor
  readonly actuators: Actuator
}

/** Which plug-in a section's `Class` means; the section's prefix picks the column. */
export type ClassTable = {
  readonly [Kind in keyof Made]: Readonly<Record<string, Plugin<z.ZodRawShape, Made[Kind]>>>
}
