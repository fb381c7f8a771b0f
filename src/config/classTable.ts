import type { z } from 'zod'
import type { Actuator, Connection, Sensor } from '../model.js'
import type { Plugin } from './plugin.js'

/** The three kinds of components, and what a plug-in of each makes. */
export interface Made {
  readonly connections: Connection
  readonly sensors: Sensor
  readonly actuators: Actuator
}

/** A plug-in of one kind, whatever its parameters are. */
export type PluginOf<Kind extends keyof Made> = Plugin<z.ZodRawShape, Made[Kind]>

/** What loads the plug-in that a section's `Class` means; the section's prefix picks the column. */
export type ClassTable = {
  readonly [Kind in keyof Made]: Readonly<Record<string, () => Promise<PluginOf<Kind>>>>
}
