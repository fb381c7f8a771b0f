import type { Climate } from './climate.js'

/** What one probe of a device measures, and the temperatures (°C) at which its owner wants to be alarmed. */
export interface Probe extends Climate {
  /** Alarm above this, °C. */
  readonly alarm_high_c?: number | undefined
  /** Alarm below this, °C. */
  readonly alarm_low_c?: number | undefined
}
