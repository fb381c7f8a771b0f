import type { Measurement, Probe } from '../../../src/ble/measurement.js'
import type { GoveeValues } from '../../../src/testing/encoders/encoder.js'

/** What a measurement says, in the words of `advertisement`; without what it leaves out. */
export function goveeValuesOf(
  measurement: Measurement | undefined,
): GoveeValues & { readonly model?: string } {
  const { temperature_c, window_open, pressure_detected, probes, ...same } = measurement ?? {}
  return JSON.parse(
    JSON.stringify({
      ...same,
      decimals: undefined,
      packet: undefined,
      temperature: temperature_c,
      windowOpen: window_open,
      pressureDetected: pressure_detected,
      probes: probes && plugged(probes),
    }),
  ) as GoveeValues
}

/** A probe that says nothing is as good as none. */
const plugged = (probes: Readonly<Record<string, Probe>>) =>
  Object.fromEntries(
    Object.entries(probes)
      .map(([number, { temperature_c, humidity, alarm_high_c, alarm_low_c }]) => {
        const values = {
          temperature: temperature_c,
          humidity,
          alarmHigh: alarm_high_c,
          alarmLow: alarm_low_c,
        }
        return [number, values] as const
      })
      .filter(([, values]) => Object.values(values).some((value) => value !== undefined)),
  )
