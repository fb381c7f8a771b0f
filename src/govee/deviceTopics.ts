/** The topics of one device, built once: below the root topic, one for each kind of reading. */
export interface DeviceTopics {
  /** What its topics have in common; no other device shares it. */
  readonly prefix: string
  readonly temp_c: string
  readonly temp_f: string
  readonly humi: string
  readonly battery: string
  readonly rssi: string
}

/** Builds the topics below `prefix`. */
export function deviceTopics(prefix: string): DeviceTopics {
  return {
    prefix,
    temp_c: `${prefix}/temp_c`,
    temp_f: `${prefix}/temp_f`,
    humi: `${prefix}/humi`,
    battery: `${prefix}/battery`,
    rssi: `${prefix}/rssi`,
  }
}
