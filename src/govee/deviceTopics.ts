import type { PartTopics } from './partTopics.js'

/** The topics of one device, below the root topic. */
export interface DeviceTopics extends PartTopics {
  /** What its topics have in common; no other device shares it. */
  readonly prefix: string
  readonly rssi: string
  /** Those that few devices have, such as `co2`: built when they are first needed. */
  others?: Record<string, string>
  /** Those of `probe1` … or `remote`, likewise. */
  parts?: Record<string, PartTopics>
}

/** Builds the topics below `prefix`. Without a spread, since ten thousand of them shall stay small. */
export const deviceTopics = (prefix: string): DeviceTopics => ({
  prefix,
  temp_c: `${prefix}/temp_c`,
  temp_f: `${prefix}/temp_f`,
  humi: `${prefix}/humi`,
  battery: `${prefix}/battery`,
  rssi: `${prefix}/rssi`,
})
