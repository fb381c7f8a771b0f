/** What the names of the sections begin with that make something, by kind. */
export const sectionPrefix = { connections: 'Connection', sensors: 'Sensor', actuators: 'Actuator' } as const
