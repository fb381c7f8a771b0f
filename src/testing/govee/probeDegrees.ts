import { degrees } from './degrees.js'
import type { ProbeValues } from './goveeValues.js'

/** Temperature, high and low alarm of a probe in hundredths of a degree, big-endian. */
export const probeDegrees = ({ temperature, alarmHigh, alarmLow }: ProbeValues): number[] => [
  ...degrees('temperature', temperature),
  ...degrees('alarmHigh', alarmHigh),
  ...degrees('alarmLow', alarmLow),
]
