/** The topics that each part of a device has: the device itself, a probe, a remote. */
export interface PartTopics {
  readonly temp_c: string
  readonly temp_f: string
  readonly humi: string
  readonly battery: string
}

/** Builds the topics below `prefix`. */
export const partTopics = (prefix: string): PartTopics => ({
  temp_c: `${prefix}/temp_c`,
  temp_f: `${prefix}/temp_f`,
  humi: `${prefix}/humi`,
  battery: `${prefix}/battery`,
})
