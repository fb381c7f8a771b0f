/** One parameter of a section, its secrets put in. */
export interface Parameter {
  /** Where it stands: the section's own name, or `DEFAULT`. */
  readonly section: string
  readonly key: string
  readonly line: number
  readonly text: string
  /** The text must not be shown. */
  readonly secret: boolean
  /** Why its secrets cannot be had. */
  readonly faults: readonly string[]
}

/** A section as configparser sees it: what `[DEFAULT]` says holds unless the section says otherwise. */
export interface Section {
  readonly name: string
  readonly line: number
  /** By key in lower case. */
  readonly parameters: ReadonlyMap<string, Parameter>
}

/** What the names of the sections begin with that make something, by kind. */
export const sectionPrefix = { connections: 'Connection', sensors: 'Sensor', actuators: 'Actuator' } as const
